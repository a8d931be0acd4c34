<?php
// phpmailer_client.php LEVEL PORT VARIANT RECIPIENT...: send with PHPMailer, SMTPDebug at LEVEL.
foreach (['Exception', 'PHPMailer', 'SMTP'] as $class) {
    require 'libphp-phpmailer/src/' . $class . '.php';
}
[, $level, $port, $variant] = $argv;
$mail = new PHPMailer\PHPMailer\PHPMailer();
$mail->isSMTP();
$mail->SMTPDebug = (int) $level;
$mail->Debugoutput = 'echo';
$mail->Host = '127.0.0.1';
$mail->Port = (int) $port;
$mail->Helo = $mail->Hostname = 'client.example.org';
$mail->SMTPAutoTLS = $variant !== 'plain';
$mail->SMTPOptions = ['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]];
if ($variant !== 'plain') {
    $mail->SMTPAuth = true;
    $mail->Username = 'user';
    $mail->Password = $variant === 'auth' ? 'pass' : 'wrong';
}
$mail->setFrom('alice@example.org', 'Alice');
foreach (array_slice($argv, 4) as $recipient) {
    $mail->addAddress($recipient);
}
$mail->Subject = 'Minutes of the meeting';
$mail->Body = "Hello Bob,\r\n\r\n.profile is a hidden file.\r\n\r\nAlice\r\n";
$mail->send();
