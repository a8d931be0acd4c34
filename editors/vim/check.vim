" Run by test.sh in a real Vim; writes one line per check to $CHECK_OUT.
set nomore shortmess+=A
let s:lines = []
let s:failed = 0
let s:name = 'vim ' . v:version / 100 . '.' . v:version % 100 . ' ALE: '

function! s:wait(test) abort
  let l:start = reltime()
  while reltimefloat(reltime(l:start)) < 10
    if a:test() | return 1 | endif
    sleep 50m
  endwhile
  return 0
endfunction

function! s:check(name, test) abort
  try
    call a:test()
    call add(s:lines, 'ok   ' . s:name . a:name)
  catch
    let s:failed = 1
    call add(s:lines, 'FAIL ' . s:name . a:name)
    call add(s:lines, '     ' . v:exception . ' ' . v:throwpoint)
  endtry
endfunction

function! s:marks() abort
  return sort(map(copy(getloclist(0)), {_, each -> printf('%d:%d %s', each.lnum, each.col,
  \   strpart(getline(each.lnum), each.col - 1, 4))}))
endfunction

function! s:expect(wanted) abort
  if !s:wait({-> s:marks() ==# a:wanted})
    throw 'marked ' . string(s:marks()) . ', wanted ' . string(a:wanted)
  endif
endfunction

function! s:first() abort
  call s:expect(['5:4 RCPT', '9:4 DATA'])
endfunction

function! s:diagnostics() abort
  execute 'edit' fnameescape($CHECK_WORK . '/a b/my session.smtp')
  if &filetype !=# 'smtp' | throw 'the file type is ' . &filetype | endif
  call s:expect(['5:4 RCPT', '9:4 DATA'])
  let l:first = getloclist(0)[0]
  if l:first.text !~# 'SEQ003' && l:first.text !~# 'without a' | throw string(l:first) | endif
endfunction

function! s:hover() abort
  let g:ale_hover_to_preview = 1
  call cursor(10, 5)
  ALEHover
  if !s:wait({-> match(map(range(1, winnr('$')), {_, w -> join(getbufline(winbufnr(w), 1, '$'))}), '503 Bad sequence') >= 0})
    throw 'no hover'
  endif
  pclose
endfunction

" What a key does: Vim itself tells of a change only when it waits for the next key, and here none comes.
function! s:insert(line) abort
  call append(0, a:line)
  doautocmd <nomodeline> TextChanged
endfunction

function! s:edits() abort
  call s:insert('# a remark: é📧')
  call s:expect(['10:4 DATA', '6:4 RCPT'])
  edit!
endfunction

function! s:cr() abort
  execute 'edit' fnameescape($CHECK_WORK . '/cr.smtp')
  call s:expect(['5:4 RCPT', '9:4 DATA'])
  call s:insert('# a remark')
  call s:expect(['10:4 DATA', '6:4 RCPT'])
  edit!
endfunction

function! s:crlf() abort
  execute 'edit' fnameescape($CHECK_WORK . '/crlf.smtp')
  call s:expect(['5:4 RCPT', '9:4 DATA'])
endfunction

function! s:log() abort
  execute 'edit' fnameescape($CHECK_WORK . '/x.smtp.log')
  call s:expect(['5:4 RCPT', '9:4 DATA'])
endfunction

function! s:message() abort
  execute 'edit' fnameescape($CHECK_WORK . '/a b.eml')
  call s:expect(['4:1 From'])
endfunction

function! s:run() abort
  call s:check('a file that is named on the command line', function('s:first'))
  call s:check('diagnostics in the location list, in a path with blanks', function('s:diagnostics'))
  call s:check('hover', function('s:hover'))
  call s:check('edits stay in sync', function('s:edits'))
  call s:check('bare CRs inside lines', function('s:cr'))
  call s:check('CRLF', function('s:crlf'))
  call s:check('.smtp.log', function('s:log'))
  call s:check('a message', function('s:message'))
  call writefile(s:lines, $CHECK_OUT)
  if s:failed | cquit | endif
  qall!
endfunction
autocmd VimEnter * call timer_start(0, {-> s:run()})
