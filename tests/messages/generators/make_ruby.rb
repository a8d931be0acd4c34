# Messages by Ruby's mail: `ruby make_ruby.rb SCENARIOS FOLDER` (Debian: ruby-mail).
require 'json'
require 'mail'
require 'base64'
require 'socket'

$count = 0
module Mail
  # The random part of boundaries and identifiers, made repeatable.
  def self.random_tag
    $count += 1
    format('%s_%d', $name[0, 30], $count)
  end
end

def Socket.gethostname
  'client.example.org'
end

def mailbox(pair)
  name, address = pair
  return address if name.empty?

  box = Mail::Address.new(address)
  box.display_name = name
  box.format
end

def build(one)
  mail = Mail.new
  mail.charset = 'UTF-8'
  mail.date = Time.at(one['epoch']).getlocal('-03:30')
  mail.from = one['from'].map { |pair| mailbox(pair) }
  mail.sender = mailbox(one['sender']) if one['sender']
  mail.reply_to = one['reply_to'].map { |pair| mailbox(pair) } if one['reply_to']
  mail.to = one['to'].map { |pair| mailbox(pair) }
  mail.cc = one['cc'].map { |pair| mailbox(pair) } unless one['cc'].empty?
  mail.message_id = "<#{one['name']}.ruby@mail.example.org>"
  mail.subject = one['subject']
  one['headers'].each { |name, value| mail[name] = value }
  if one['html'] || one['calendar'] || one['attachments'].any? || one['message']
    mail.text_part = Mail::Part.new do
      content_type 'text/plain; charset=UTF-8'
      body one['text']
    end
    if one['html']
      mail.html_part = Mail::Part.new do
        content_type 'text/html; charset=UTF-8'
        body one['html']
      end
    end
    if one['calendar']
      mail.add_part(Mail::Part.new do
        content_type 'text/calendar; charset=UTF-8; method=REQUEST'
        body one['calendar']
      end)
    end
    one['attachments'].each do |item|
      where = item['cid'].empty? ? mail.attachments : mail.attachments.inline
      where[item['name']] = { mime_type: item['type'], content: Base64.decode64(item['data']) }
      mail.attachments.last.content_id = "<#{item['cid']}>" unless item['cid'].empty?
    end
    if one['message']
      mail.add_part(Mail::Part.new do
        content_type 'message/rfc822'
        body one['message']
      end)
    end
  else
    mail.content_type = 'text/plain; charset=UTF-8'
    mail.body = one['text']
    mail.transport_encoding = one['encoding'] if one['encoding']
  end
  mail
end

JSON.parse(File.read(ARGV[0])).each do |one|
  next if one['group']

  $name = one['name']
  $count = 0
  File.binwrite("#{ARGV[1]}/#{one['name']}.eml", build(one).to_s)
end
