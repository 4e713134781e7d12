SELECT post();
