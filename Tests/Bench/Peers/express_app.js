// The page in Express, nunjucks and better-sqlite3, in a cluster of two.
'use strict'
const cluster = require('cluster')
const path = require('path')

if (cluster.isPrimary) {
  cluster.fork()
  cluster.fork()
} else {
  const express = require('express')
  const nunjucks = require('nunjucks')
  const Database = require('better-sqlite3')
  const data = new Database(process.env.DB)
  const session = data.prepare('SELECT user, expires FROM session WHERE token = ?')
  const person = data.prepare('SELECT name, email, bio FROM person WHERE id = ?')
  const account = data.prepare('SELECT balance FROM account WHERE id = ?')
  const visits = data.prepare('SELECT id, at, title, note, status, helper FROM visit' +
    ' WHERE person = ? ORDER BY at DESC LIMIT 50')
  const app = express()
  app.disable('x-powered-by')
  nunjucks.configure(path.join(__dirname, 'templates'), { autoescape: true, express: app })
  app.get('/visits', (request, answer) => {
    const cookie = /(?:^|;\s*)sid=([^;]+)/.exec(request.headers.cookie || '')
    const found = cookie && session.get(cookie[1])
    if (!found || found.expires < Date.now() / 1000) return answer.redirect(303, '/sign-in')
    answer.render('visits.html', {
      person: person.get(found.user),
      balance: account.get(found.user).balance,
      visits: visits.all(found.user)
    })
  })
  app.listen(+process.env.PORT, '127.0.0.1', 4096)
}
