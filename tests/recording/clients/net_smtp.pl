# net_smtp.pl PORT VARIANT MESSAGE RECIPIENT...: send with Perl's Net::SMTP, Debug on.
use strict;
use warnings;
use Net::SMTP;

my ($port, $variant, $path, @recipients) = @ARGV;
open my $file, '<', $path or die $!;
my @lines = <$file>;

my $smtp = Net::SMTP->new('127.0.0.1', Port => $port, Hello => 'client.example.org', Debug => 1) or die $@;
if ($variant =~ /^auth/) {
    $smtp->starttls(SSL_verify_mode => 0);
    $smtp->auth('user', $variant eq 'auth' ? 'pass' : 'wrong');
}
$smtp->mail('alice@example.org');
if ($smtp->recipient(@recipients, { SkipBad => 1 })) {
    $smtp->data(@lines);
}
$smtp->quit;
