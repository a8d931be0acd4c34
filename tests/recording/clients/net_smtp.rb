# net_smtp.rb PORT VARIANT MESSAGE RECIPIENT...: send with Ruby's net/smtp, its debug output on.
require 'net/smtp'

port, variant, path, *recipients = ARGV
smtp = Net::SMTP.new('127.0.0.1', port.to_i)
smtp.set_debug_output $stderr
login = {}
if variant == 'plain'
  smtp.disable_starttls
else
  smtp.enable_starttls OpenSSL::SSL::SSLContext.new
  login = { user: 'user', secret: variant == 'auth' ? 'pass' : 'wrong', authtype: :plain }
end
begin
  smtp.start(helo: 'client.example.org', **login) do
    smtp.send_message File.read(path), 'alice@example.org', *recipients
  end
rescue Net::ProtocolError => e
  warn "#{e.class}: #{e.message}"
end
