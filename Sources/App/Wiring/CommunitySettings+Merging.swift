/// One's own settings over common ones: inside a section, what one does not set is left to those.
extension CommunitySettings.Mail {
    /// A way to send letters is one thing: whoever names another mail server does not send it the
    /// common one's password.
    func over(_ common: Self?) -> Self {
        guard let common else { return self }
        var mail = self
        if folder == nil, smtp == nil {
            mail.folder = common.folder
            mail.smtp = common.smtp
            mail.user = user ?? common.user
            mail.passwordFile = passwordFile ?? common.passwordFile
            mail.needsTLS = needsTLS ?? common.needsTLS
        }
        mail.from = from ?? common.from
        return mail
    }
}

extension CommunitySettings.Contact {
    func over(_ common: Self?) -> Self {
        var contact = self
        contact.telephone = telephone ?? common?.telephone
        contact.post = post ?? common?.post
        return contact
    }
}

extension CommunitySettings.Shipping {
    /// There is one second place.
    func over(_ common: Self?) -> Self {
        var shipping = self
        if folder == nil, command == nil {
            shipping.folder = common?.folder
            shipping.command = common?.command
        }
        shipping.keepDays = keepDays ?? common?.keepDays
        shipping.baseHours = baseHours ?? common?.baseHours
        return shipping
    }
}

extension Limits {
    func over(_ common: Limits?) -> Limits {
        guard var limits = common else { return self }
        for limit in Limit.all {
            if let number = told[limit.name] { limits.tell(limit, number) }
        }
        return limits
    }
}
