<?php
// Messages by PHPMailer: `php make_phpmailer.php SCENARIOS FOLDER` (Debian: libphp-phpmailer).
require '/usr/share/php/libphp-phpmailer/autoload.php';
use PHPMailer\PHPMailer\PHPMailer;

class Repeatable extends PHPMailer
{
    public $name = '';

    // The random part of boundaries, made repeatable.
    protected function generateId()
    {
        return md5($this->name);
    }
}

date_default_timezone_set('Europe/Paris');
foreach (json_decode(file_get_contents($argv[1]), true) as $one) {
    if (isset($one['group'])) {
        continue;
    }
    $mail = new Repeatable(true);
    $mail->name = $one['name'];
    $mail->Hostname = 'mail.example.org';
    $mail->CharSet = 'utf-8';
    $mail->Encoding = $one['encoding'] ?? '8bit';
    $mail->MessageID = "<{$one['name']}.phpmailer@mail.example.org>";
    $mail->MessageDate = date('D, j M Y H:i:s O', $one['epoch']);
    $mail->setFrom($one['from'][0][1], $one['from'][0][0]);
    foreach ($one['to'] as [$name, $address]) {
        $mail->addAddress($address, $name);
    }
    foreach ($one['cc'] as [$name, $address]) {
        $mail->addCC($address, $name);
    }
    foreach ($one['reply_to'] ?? [] as [$name, $address]) {
        $mail->addReplyTo($address, $name);
    }
    $mail->Subject = $one['subject'];
    if (isset($one['html'])) {
        $mail->isHTML(true);
        $mail->Body = $one['html'];
        $mail->AltBody = $one['text'] === '' ? ' ' : $one['text'];
    } else {
        $mail->AllowEmpty = true;
        $mail->Body = $one['text'];
    }
    if (isset($one['calendar'])) {
        $mail->Ical = $one['calendar'];
    }
    foreach ($one['attachments'] as $item) {
        $data = base64_decode($item['data']);
        if ($item['cid']) {
            $mail->addStringEmbeddedImage($data, $item['cid'], $item['name'], 'base64', $item['type']);
        } else {
            $mail->addStringAttachment($data, $item['name'], 'base64', $item['type']);
        }
    }
    if (isset($one['message'])) {
        $mail->addStringAttachment($one['message'], 'lamp.eml', '7bit', 'message/rfc822');
    }
    foreach ($one['headers'] as [$name, $value]) {
        $mail->addCustomHeader($name, $value);
    }
    $mail->preSend();
    file_put_contents("{$argv[2]}/{$one['name']}.eml", $mail->getSentMIMEMessage());
}
