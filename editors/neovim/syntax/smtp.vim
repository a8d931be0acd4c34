" Vim syntax file
" Language: SMTP transcripts (C:/S: dialogues, captures, swaks, smtplib, curl -v, arrows, BSMTP)

if exists('b:current_syntax')
  finish
endif

let s:cpo = &cpo
set cpo&vim

syn case ignore
syn sync minlines=1

" What a line can begin with decides what comes next: client lines have a verb, server lines a code.
" A line without a prefix may be either.
syn match smtpBareLine /^/ nextgroup=smtpVerb,smtpReply2,smtpReply3,smtpReply4,smtpReply5,smtpHeader,smtpDot

syn match smtpClientPrefix /^\s*\%(C\|client\)\d*:/ skipwhite nextgroup=@smtpClient
syn match smtpServerPrefix /^\s*\%(S\|server\)\d*:/ skipwhite nextgroup=@smtpServer
" >>> and <<<, swaks (-> ~> **> <- <~ <**), curl -v (> <), smtplib (send: reply:)
syn match smtpClientPrefix /^\%(>>>\?\| \=[-~]>\| \=\*\*>\|>\)\ze\s/ skipwhite nextgroup=@smtpClient
syn match smtpServerPrefix /^\%(<<<\?\|<[-~]\|<\*\*\|<\)\ze\s/ skipwhite nextgroup=@smtpServer
syn match smtpClientPrefix /^send: b\=['"]\=/ nextgroup=@smtpClient
syn match smtpServerPrefix /^\%(reply\|connect\): b\=['"]\=/ nextgroup=@smtpServer

syn cluster smtpClient contains=smtpVerb,smtpHeader,smtpDot
syn cluster smtpServer contains=smtpReply2,smtpReply3,smtpReply4,smtpReply5,smtpReplyOther

" The words of the client
syn match smtpVerb contained /\%(MAIL\s\+FROM:\|RCPT\s\+TO:\|\%(EHLO\|HELO\|LHLO\|DATA\|BDAT\|BURL\|RSET\|NOOP\|QUIT\|HELP\|VRFY\|EXPN\|ETRN\|TURN\|ATRN\|STARTTLS\|AUTH\|XCLIENT\|XFORWARD\|MAIL\|RCPT\|SEND\|SOML\|SAML\)\>\)/ skipwhite nextgroup=smtpMechanism
syn keyword smtpMechanism contained PLAIN LOGIN CRAM-MD5 DIGEST-MD5 XOAUTH2 OAUTHBEARER EXTERNAL ANONYMOUS GSSAPI NTLM
syn match smtpMechanism contained /SCRAM-SHA-\d\+\%(-PLUS\)\=/
syn match smtpParameter /\<\%(SIZE\|BODY\|RET\|ENVID\|NOTIFY\|ORCPT\|AUTH\|MT-PRIORITY\|HOLDFOR\|HOLDUNTIL\|BY\|TRANSID\|MTRK\|RRVS\)\ze=/
syn match smtpDot contained /\.\ze\s*$/
syn match smtpDot contained /\.\ze\s\+#\s*smtp-lsp:/
syn match smtpHeader contained /[a-z][a-z0-9-]*:\ze\%(\s\|$\)/

" The words of the server: code, enhanced code, keyword of EHLO
syn match smtpReply2 contained /2\d\d\ze\%([ -]\|$\)/ nextgroup=smtpAfterCode
syn match smtpReply3 contained /3\d\d\ze\%([ -]\|$\)/ nextgroup=smtpAfterCode
syn match smtpReply4 contained /4\d\d\ze\%([ -]\|$\)/ nextgroup=smtpAfterCode
syn match smtpReply5 contained /5\d\d\ze\%([ -]\|$\)/ nextgroup=smtpAfterCode
syn match smtpReplyOther contained /[016-9]\d\d\ze\%([ -]\|$\)/ nextgroup=smtpAfterCode
syn match smtpAfterCode contained /[ -]/ nextgroup=smtpEnhanced,smtpKeyword
syn match smtpEnhanced contained /[245]\.\d\{1,3}\.\d\{1,3}\>/
syn match smtpKeyword contained /\%(8BITMIME\|AUTH\|BINARYMIME\|BURL\|CHUNKING\|DELIVERBY\|DSN\|ENHANCEDSTATUSCODES\|ETRN\|EXPN\|FUTURERELEASE\|HELP\|LIMITS\|MT-PRIORITY\|PIPELINING\|REQUIRETLS\|RRVS\|SIZE\|SMTPUTF8\|STARTTLS\|VRFY\|XCLIENT\|XFORWARD\)\>/

" On either side
syn match smtpPath /<[^<>[:blank:]]*>/
syn match smtpWrittenEnd /\%(<CR>\)\=<LF>\|<CRLF>\|\\r\\n/

" What is said about the session
syn match smtpNote /^\%(===\|\*\*\*\=\%(\s\|$\)\|\*\s\|\.\.\. while talking to\|   ----- \).*$/
syn match smtpComment /^\s*#.*$/ contains=smtpDirective,@Spell
syn match smtpComment /\s\@1<=#\s*smtp-lsp:.*$/ contains=smtpDirective,@Spell
syn match smtpDirective contained /\%(#\s*\)\@<=smtp-lsp:\s*[a-z-]*/ nextgroup=smtpDirectiveNames,smtpDirectiveValue
syn match smtpDirectiveNames contained /\[[^]]*\]/
syn match smtpDirectiveValue contained /=\S*/

hi def link smtpClientPrefix   Label
hi def link smtpServerPrefix   Type
hi def link smtpVerb           Statement
hi def link smtpMechanism      Constant
hi def link smtpParameter      Identifier
hi def link smtpHeader         PreProc
hi def link smtpDot            Special
hi def link smtpReply2         String
hi def link smtpReply3         Special
hi def link smtpReply4         WarningMsg
hi def link smtpReply5         ErrorMsg
hi def link smtpReplyOther     Error
hi def link smtpEnhanced       Number
hi def link smtpKeyword        Identifier
hi def link smtpPath           Underlined
hi def link smtpWrittenEnd     SpecialChar
hi def link smtpNote           Comment
hi def link smtpComment        Comment
hi def link smtpDirective      SpecialComment
hi def link smtpDirectiveNames Tag
hi def link smtpDirectiveValue Tag

let b:current_syntax = 'smtp'

let &cpo = s:cpo
unlet s:cpo
