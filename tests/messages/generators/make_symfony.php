<?php
// Messages by symfony/mime: `php make_symfony.php SCENARIOS FOLDER` (Debian: php-symfony-mime).
require '/usr/share/php/Egulias/EmailValidator/autoload.php';
require '/usr/share/php/Symfony/Component/Mime/autoload.php';
use Symfony\Component\Mime\Address;
use Symfony\Component\Mime\Email;
use Symfony\Component\Mime\Part\DataPart;
use Symfony\Component\Mime\Part\MessagePart;
use Symfony\Component\Mime\RawMessage;

function address(array $pair): Address
{
    return new Address($pair[1], $pair[0]);
}

// Boundaries and the identifiers of parts are random: each becomes one of its place, as long.
function repeatable(string $made, string $name): string
{
    $count = 0;
    preg_match_all('/boundary="?([\w=\/+-]{6,})"?/', $made, $found);
    foreach (array_unique($found[1]) as $boundary) {
        $mine = substr(strtr(base64_encode(sha1($name.$count++, true).md5($name, true)), '/+', 'AB'), 0, strlen($boundary));
        $made = str_replace($boundary, $mine, $made);
    }
    preg_match_all('/[0-9a-f]{32}@symfony/', $made, $found);
    foreach (array_unique($found[0]) as $id) {
        $made = str_replace($id, md5($name.$count++).'@symfony', $made);
    }

    return $made;
}

foreach (json_decode(file_get_contents($argv[1]), true) as $one) {
    if (isset($one['group']) || isset($one['message']) || '' === $one['text']) {
        continue;
    }
    $mail = (new Email())
        ->from(...array_map('address', $one['from']))
        ->to(...array_map('address', $one['to']))
        ->cc(...array_map('address', $one['cc']))
        ->subject($one['subject'])
        ->text($one['text'])
        ->date((new DateTimeImmutable('@'.$one['epoch']))->setTimezone(new DateTimeZone('America/Sao_Paulo')));
    if (!$one['cc']) {
        $mail->getHeaders()->remove('Cc');
    }
    if (isset($one['sender'])) {
        $mail->sender(address($one['sender']));
    }
    if (isset($one['reply_to'])) {
        $mail->replyTo(...array_map('address', $one['reply_to']));
    }
    $mail->getHeaders()->addIdHeader('Message-ID', $one['name'].'.symfony@mail.example.org');
    foreach ($one['headers'] as [$name, $value]) {
        if ('Resent-Message-ID' === $name) {
            $mail->getHeaders()->addIdHeader($name, explode(' ', str_replace(['<', '>'], '', $value)));
        } else {
            $mail->getHeaders()->addTextHeader($name, $value);
        }
    }
    if (isset($one['html'])) {
        $mail->html(str_replace('cid:logo@example.org', 'cid:logo.png', $one['html']));
    }
    foreach ($one['attachments'] as $item) {
        $data = base64_decode($item['data']);
        $kind = strtok($item['type'], ';');
        if ($item['cid']) {
            $mail->embed($data, $item['name'], $kind);
        } else {
            $mail->attach($data, $item['name'], $kind);
        }
    }
    if (isset($one['calendar'])) {
        $mail->attach($one['calendar'], 'invite.ics', 'text/calendar');
    }
    file_put_contents("{$argv[2]}/{$one['name']}.eml", repeatable($mail->toString(), $one['name']));
}
