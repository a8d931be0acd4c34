// Messages by nodemailer: `node make_nodemailer.js SCENARIOS FOLDER` (NODE_PATH names its folder).
'use strict';
const fs = require('fs');
const path = require('path');
const nodemailer = require('nodemailer');

const [, , scenarios, folder] = process.argv;
const pair = ([name, address]) => (name ? { name, address } : address);

function options(one) {
    const mail = {
        from: one.from.map(pair),
        subject: one.subject,
        text: one.text,
        date: new Date(one.epoch * 1000),
        messageId: `<${one.name}.nodemailer@mail.example.org>`,
        baseBoundary: one.name.slice(0, 30),
        headers: [],
        attachments: []
    };
    if (one.sender) mail.sender = pair(one.sender);
    if (one.reply_to) mail.replyTo = one.reply_to.map(pair);
    mail.to = one.group ? [{ name: one.group[0], group: one.group[1].map(pair) }] : one.to.map(pair);
    if (one.cc.length) mail.cc = one.cc.map(pair);
    if (one.html) mail.html = one.html;
    if (one.encoding === 'quoted-printable') mail.textEncoding = 'Q';
    if (one.encoding === 'base64') mail.textEncoding = 'B';
    if (one.calendar) mail.icalEvent = { method: 'REQUEST', content: one.calendar };
    if (one.message) mail.attachments.push({ raw: 'Content-Type: message/rfc822\r\n\r\n' + one.message });
    for (const [key, value] of one.headers) {
        if (key === 'In-Reply-To') mail.inReplyTo = value;
        else if (key === 'References') mail.references = value;
        else mail.headers.push({ key, value });
    }
    for (const item of one.attachments) {
        mail.attachments.push({
            filename: item.name,
            contentType: item.type,
            content: Buffer.from(item.data, 'base64'),
            ...(item.cid ? { cid: item.cid, contentDisposition: 'inline' } : {})
        });
    }
    return mail;
}

const extra = [
    {
        name: 'list-option',
        mail: {
            list: {
                id: { url: 'dev.lists.example.org', comment: 'Entwickler für Köln' },
                help: 'help@example.org?subject=help',
                unsubscribe: [[{ url: 'https://lists.example.org/u', comment: 'Leave' }, 'off@example.org']]
            }
        }
    },
    {
        name: 'watch-amp',
        mail: { html: '<p>Hi</p>', watchHtml: '<b>Hi</b>', amp: '<!doctype html><html ⚡4email></html>' }
    },
    { name: 'alternatives', mail: { alternatives: [{ contentType: 'text/x-web-markdown', content: '**Hi** ⚡' }] } },
    { name: 'priority-high', mail: { priority: 'high' } }
];

const all = JSON.parse(fs.readFileSync(scenarios, 'utf8'));
const plain = all.find(one => one.name === 'plain');
for (const [number, { name, mail }] of extra.entries()) {
    all.push({ ...plain, name, epoch: 1709900000 + number * 61, mail });
}
const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
for (const one of all) {
    transport.sendMail({ ...options(one), ...one.mail }, (error, sent) => {
        if (error) throw error;
        fs.writeFileSync(path.join(folder, `${one.name}.eml`), sent.message);
    });
}
