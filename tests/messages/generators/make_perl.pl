#!/usr/bin/perl
# Messages by Perl's libraries: `perl make_perl.pl mime-entity|email-mime|mime-lite SCENARIOS FOLDER`
# (Debian: libmime-tools-perl libemail-mime-perl libmime-lite-perl).
use strict;
use warnings;

# Email::MIME dates each part.
BEGIN { *CORE::GLOBAL::time = sub { return 1709629200 } }

use utf8;
use Encode qw(encode decode);
use JSON::PP;
use MIME::Base64 qw(decode_base64);
use POSIX qw(strftime);

my ($way, $scenarios, $folder) = @ARGV;
open my $in, '<', $scenarios or die $!;
my $all = decode_json(do { local $/; <$in> });

my $boundary = 0;
my $name     = '';
sub boundary { return sprintf '----------=_%s-%d', substr($name, 0, 40), $boundary++ }

# A name is quoted if need be; what is not ASCII is left to the library, or encoded by Encode.
sub mailbox {
    my ($pair, $encoder) = @_;
    my ($phrase, $address) = @$pair;
    return $address if $phrase eq '';
    if ($phrase =~ /[^\x00-\x7f]/) {
        $phrase = $encoder->($phrase);
    }
    elsif ($phrase !~ /\A[\w !#\$%&'*+\/=?^`{|}~-]+\z/) {
        $phrase =~ s/(["\\])/\\$1/g;
        $phrase = qq("$phrase");
    }
    return "$phrase <$address>";
}

sub mailboxes {
    my ($pairs, $encoder, $between) = @_;
    return join $between, map { mailbox($_, $encoder) } @$pairs;
}

sub coded { return encode('MIME-Header', $_[0]) }
sub plain { return $_[0] }

sub head {
    my ($one, $encoder, $between) = @_;
    my @head = (From => mailboxes($one->{from}, $encoder, $between));
    push @head, Sender => mailbox($one->{sender}, $encoder) if $one->{sender};
    push @head, 'Reply-To' => mailboxes($one->{reply_to}, $encoder, $between) if $one->{reply_to};
    if ($one->{group}) {
        my ($phrase, $members) = @{ $one->{group} };
        push @head, To => "$phrase: " . mailboxes($members, $encoder, ', ') . ';';
    }
    else {
        push @head, To => mailboxes($one->{to}, $encoder, $between);
    }
    push @head, Cc => mailboxes($one->{cc}, $encoder, $between) if @{ $one->{cc} };
    my $subject = $one->{subject};
    push @head, Subject => $subject =~ /[^\x00-\x7f]/ ? $encoder->($subject) : $subject;
    push @head, Date => strftime('%a, %d %b %Y %H:%M:%S -0500', gmtime($one->{epoch} - 5 * 3600));
    push @head, 'Message-ID' => "<$one->{name}.$way\@mail.example.org>";
    push @head, @$_ for @{ $one->{headers} };
    return @head;
}

sub charset { return $_[0] =~ /[^\x00-\x7f]/ ? 'utf-8' : 'us-ascii' }

sub cte {
    my ($one, $text) = @_;
    return $one->{encoding} if $one->{encoding};
    return $text =~ /[^\x00-\x7f]/ || $text =~ /.{900}/ ? 'quoted-printable' : '7bit';
}

my %make = (
    'mime-entity' => sub {
        my ($one) = @_;
        require MIME::Entity;
        my @head = head($one, \&coded, ', ');
        my $text = $one->{text};
        my $multi = $one->{html} || $one->{calendar} || @{ $one->{attachments} } || $one->{message};
        my @body = (Type => 'text/plain', Charset => charset($text), Encoding => cte($one, $text),
            Data => encode('utf-8', $text));
        return MIME::Entity->build(@head, 'X-Mailer' => undef, @body) unless $multi;
        my $both = $one->{html} || $one->{calendar};
        my $kind = @{ $one->{attachments} } || $one->{message} ? 'mixed' : 'alternative';
        my $top = MIME::Entity->build(@head, 'X-Mailer' => undef, Type => "multipart/$kind",
            Boundary => boundary());
        my $where = $top;
        $where = $top->attach(Type => 'multipart/alternative', Boundary => boundary())
            if $both && $kind eq 'mixed';
        $where->attach(@body);
        $where->attach(Type => 'text/html', Charset => 'utf-8', Encoding => 'quoted-printable',
            Data => encode('utf-8', $one->{html})) if $one->{html};
        $where->attach(Type => 'text/calendar; method=REQUEST', Charset => 'utf-8',
            Encoding => '7bit', Data => $one->{calendar} =~ s/\r//gr) if $one->{calendar};
        for my $item (@{ $one->{attachments} }) {
            my $id = $item->{cid} ? "<$item->{cid}>" : undef;
            $top->attach(Type => $item->{type}, Encoding => 'base64', Filename => encode('utf-8', $item->{name}),
                Disposition => $id ? 'inline' : 'attachment', $id ? (Id => $id) : (),
                Data => decode_base64($item->{data}));
        }
        $top->attach(Type => 'message/rfc822', Encoding => '7bit',
            Data => $one->{message} =~ s/\r//gr) if $one->{message};
        return $top;
    },
    'email-mime' => sub {
        my ($one) = @_;
        require Email::MIME;
        my $text = $one->{text};
        my @parts = Email::MIME->create(
            attributes => { content_type => 'text/plain', charset => charset($text),
                encoding => cte($one, $text) }, body_str => $text);
        push @parts, Email::MIME->create(
            attributes => { content_type => 'text/html', charset => 'UTF-8',
                encoding => 'quoted-printable' }, body_str => $one->{html}) if $one->{html};
        if ($one->{calendar}) {
            my $event = Email::MIME->create(
                attributes => { content_type => 'text/calendar', charset => 'UTF-8', encoding => '7bit' },
                body_str => $one->{calendar});
            $event->content_type_attribute_set(method => 'REQUEST');
            push @parts, $event;
        }
        @parts = Email::MIME->create(
            attributes => { content_type => 'multipart/alternative', boundary => boundary() },
            parts => [@parts]) if @parts > 1;
        for my $item (@{ $one->{attachments} }) {
            my ($type, $charset) = split /; charset=/, $item->{type};
            push @parts, Email::MIME->create(
                attributes => { content_type => $type, $charset ? (charset => $charset) : (), name => $item->{name},
                    filename => $item->{name}, encoding => 'base64',
                    disposition => $item->{cid} ? 'inline' : 'attachment' },
                header => [$item->{cid} ? ('Content-ID' => "<$item->{cid}>") : ()],
                body => decode_base64($item->{data}));
        }
        push @parts, Email::MIME->create(attributes => { content_type => 'message/rfc822' },
            body => $one->{message}) if $one->{message};
        return Email::MIME->create(header_str => [head($one, \&plain, ', ')],
            attributes => { content_type => 'multipart/mixed', boundary => boundary() },
            parts => \@parts) if @parts > 1;
        my $only = $parts[0];
        my @head = head($one, \&plain, ', ');
        while (my ($field, $value) = splice @head, 0, 2) {
            $only->header_str_set($field => $value);
        }
        return $only;
    },
    'mime-lite' => sub {
        my ($one) = @_;
        require MIME::Lite;
        my @head = head($one, \&coded, ', ');
        my @mine;
        while (my ($field, $value) = splice @head, 0, 2) { push @mine, "$field:" => $value }
        my $text = $one->{text};
        my @body = (Type => 'TEXT', Encoding => cte($one, $text), Data => encode('utf-8', $text));
        my @top = (Datestamp => 0);
        my $multi = @{ $one->{attachments} } || $one->{message} || $one->{html};
        my $mail = MIME::Lite->new(@mine, @top, $multi ? (Type => 'multipart/mixed') : @body);
        $mail->delete('X-Mailer');
        if (!$multi) {
            $mail->attr('content-type.charset' => charset($text));
            return $mail;
        }
        $mail->attr('content-type.boundary' => boundary());
        $mail->attach(@body)->attr('content-type.charset' => charset($text));
        $mail->attach(Type => 'text/html', Data => encode('utf-8', $one->{html}),
            Encoding => 'quoted-printable')->attr('content-type.charset' => 'utf-8') if $one->{html};
        for my $item (@{ $one->{attachments} }) {
            $mail->attach(Type => $item->{type}, Filename => encode('utf-8', $item->{name}),
                Encoding => 'base64', $item->{cid} ? (Id => $item->{cid}) : (),
                Data => decode_base64($item->{data}),
                Disposition => $item->{cid} ? 'inline' : 'attachment');
        }
        $mail->attach(Type => 'message/rfc822', Encoding => '7bit', Data => $one->{message} =~ s/\r//gr)
            if $one->{message};
        return $mail;
    },
);

for my $one (@$all) {
    next if $way eq 'mime-lite' && ($one->{calendar} || $one->{name} eq 'everything');
    ($name, $boundary) = ($one->{name}, 0);
    my $made = $make{$way}->($one)->as_string;
    $made = encode('utf-8', $made) if utf8::is_utf8($made);
    open my $out, '>:raw', "$folder/$name.eml" or die $!;
    print {$out} $made;
    close $out or die $!;
}
