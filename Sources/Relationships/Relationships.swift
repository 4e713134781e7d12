// Doc comes with the module.
