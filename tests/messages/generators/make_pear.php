<?php
// Messages by PEAR's Mail_mime: `php make_pear.php SCENARIOS FOLDER` (Debian: php-mail-mime).
require_once 'Mail/mime.php';

// Boundaries are random: each becomes one of its place, as long.
function repeatable(string $made, string $name): string
{
    preg_match_all('/boundary="([^"]+)"/', $made, $found);
    foreach (array_unique($found[1]) as $count => $boundary) {
        $made = str_replace($boundary, '=_'.md5($name.$count), $made);
    }

    return $made;
}

function mailboxes(array $pairs): string
{
    return implode(', ', array_map(function ($pair) {
        if ('' === $pair[0]) {
            return $pair[1];
        }
        $name = addcslashes($pair[0], '"\\');

        return preg_match('/[^\w ]/', $name) ? "\"$name\" <$pair[1]>" : "$name <$pair[1]>";
    }, $pairs));
}

date_default_timezone_set('Australia/Adelaide');
foreach (json_decode(file_get_contents($argv[1]), true) as $one) {
    if (isset($one['group']) || '' === $one['text']) {
        continue;
    }
    $mime = new Mail_mime([
        'eol' => "\n", 'head_charset' => 'UTF-8', 'html_charset' => 'UTF-8',
        'text_charset' => preg_match('/[^\x00-\x7f]/', $one['text']) ? 'UTF-8' : 'us-ascii',
        'text_encoding' => $one['encoding'] ?? 'quoted-printable', 'html_encoding' => 'quoted-printable',
        'head_encoding' => $one['epoch'] % 2 ? 'quoted-printable' : 'base64',
    ]);
    $mime->setTXTBody($one['text']);
    $fields = [
        'From' => mailboxes($one['from']),
        'To' => mailboxes($one['to']),
        'Subject' => $one['subject'],
        'Date' => date('r', $one['epoch']),
        'Message-ID' => "<{$one['name']}.pear@mail.example.org>",
    ];
    if ($one['cc']) {
        $fields['Cc'] = mailboxes($one['cc']);
    }
    foreach (['sender' => 'Sender', 'reply_to' => 'Reply-To'] as $key => $field) {
        if (isset($one[$key])) {
            $fields[$field] = mailboxes('sender' === $key ? [$one[$key]] : $one[$key]);
        }
    }
    foreach ($one['headers'] as [$name, $value]) {
        $fields[$name] = $value;
    }
    if (isset($one['html'])) {
        $mime->setHTMLBody($one['html']);
    }
    if (isset($one['calendar'])) {
        $mime->setCalendarBody($one['calendar']);
    }
    foreach ($one['attachments'] as $item) {
        $data = base64_decode($item['data']);
        if ($item['cid']) {
            $mime->addHTMLImage($data, $item['type'], $item['name'], false, 'logo@example.org');
        } else {
            $type = strtok($item['type'], ';');
            $mime->addAttachment($data, $type, $item['name'], false, 'base64', 'attachment',
                'text/csv' === $type ? 'utf-8' : '', '', '', null, null, '', 'UTF-8');
        }
    }
    if (isset($one['message'])) {
        $mime->addAttachment($one['message'], 'message/rfc822', '', false, '7bit', 'inline');
    }
    $body = $mime->get();
    $head = $mime->txtHeaders($fields);
    file_put_contents("{$argv[2]}/{$one['name']}.eml", repeatable($head."\n".$body, $one['name']));
}
