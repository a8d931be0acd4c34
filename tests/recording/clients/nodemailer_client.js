// nodemailer_client.js PORT VARIANT MESSAGE RECIPIENT...: send with nodemailer, logger and debug on.
const fs = require('fs')
const nodemailer = require('nodemailer')

const [port, variant, path, ...to] = process.argv.slice(2)
const auth = { user: 'user', pass: variant === 'auth' ? 'pass' : 'wrong' }
const transport = nodemailer.createTransport({
  host: '127.0.0.1', port, name: 'client.example.org', logger: true, debug: true,
  ignoreTLS: variant === 'plain', tls: { rejectUnauthorized: false },
  ...(variant === 'plain' ? {} : { auth })
})
transport.sendMail({ envelope: { from: 'alice@example.org', to }, raw: fs.readFileSync(path) })
  .catch(error => console.log(error.message))
  .finally(() => transport.close())
