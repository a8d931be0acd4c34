// smtp-server (nodemailer) at the port PORT, with the certificate that lies in the cache
const fs = require('fs'), { SMTPServer } = require('/srv/cache/node/node_modules/smtp-server')
const refusal = (text, responseCode = 550) => Object.assign(new Error(text), { responseCode })
const server = new SMTPServer({
  name: 'mta.example.org', size: 10485760, authOptional: true, disableReverseLookup: true, closeTimeout: 100,
  maxAllowedUnauthenticatedCommands: 1000,
  key: fs.readFileSync('/etc/mta/key.pem'), cert: fs.readFileSync('/etc/mta/cert.pem'),
  onAuth: (auth, _, done) => auth.username === 'user@example.org' && auth.password === 'pass'
    ? done(null, { user: auth.username }) : done(refusal('5.7.8 bad credentials', 535)),
  onRcptTo: (to, _, done) => !to.address.toLowerCase().endsWith('@example.org') ? done(refusal('relay not permitted'))
    : to.address.startsWith('nobody@') ? done(refusal('no such user')) : done(),
  onData: (stream, _, done) => { stream.on('end', done); stream.resume() },
})
server.on('error', error => console.error(error.message))
server.listen(Number(process.env.PORT), '127.0.0.1')
