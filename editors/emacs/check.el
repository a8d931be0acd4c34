;; Run by test.sh: emacs -q --batch -l PASTED -l check.el WORK  -*- lexical-binding: t -*-
(require 'eglot)
(require 'flymake)
(defvar check-work (car command-line-args-left))
(defvar check-failed nil)
(setq command-line-args-left nil
      eglot-sync-connect 20 eglot-autoshutdown nil eglot-send-changes-idle-time 0.05
      flymake-no-changes-timeout 0.05 make-backup-files nil create-lockfiles nil auto-save-default nil)

(defun check-wait (test)
  (let ((end (+ (float-time) 10)) value)
    (while (and (not (setq value (funcall test))) (< (float-time) end))
      (accept-process-output nil 0.05))
    value))

(defmacro check (name &rest body)
  (declare (indent 1))
  `(condition-case err
       (progn ,@body
              (princ (format "ok   emacs %s %s: %s\n" emacs-version (getenv "LABEL") ,name)))
     (error (setq check-failed t)
            (princ (format "FAIL emacs %s %s: %s\n     %s\n" emacs-version (getenv "LABEL") ,name
                           (error-message-string err))))))

(defun check-marks ()
  "What is marked where: LINE:COLUMN and the marked text."
  (sort (mapcar (lambda (each)
                  (save-excursion
                    (goto-char (flymake-diagnostic-beg each))
                    (format "%d:%d %s" (line-number-at-pos) (1+ (current-column))
                            (buffer-substring (point) (flymake-diagnostic-end each)))))
                (flymake-diagnostics))
        #'string<))

(defun check-expect (wanted)
  (flymake-start)
  (unless (check-wait (lambda () (equal (check-marks) wanted)))
    (error "marked %S, wanted %S" (check-marks) wanted)))

(defun check-open (name)
  (find-file (expand-file-name name check-work))
  ;; `eglot-ensure' waits for the command loop, which a batch Emacs has not.
  (unless (eglot-managed-p)
    (if (eglot-current-server) (eglot--maybe-activate-editing-mode)
      (apply #'eglot--connect (eglot--guess-contact))))
  (unless (eglot-managed-p) (error "Eglot does not manage %s" name))
  (flymake-mode 1))

(defun check-hover ()
  (let ((answer (jsonrpc-request (eglot-current-server) :textDocument/hover
                                 (eglot--TextDocumentPositionParams))))
    (eglot--hover-info (plist-get answer :contents) (plist-get answer :range))))

(check "diagnostics, in a path with blanks"
  (check-open "a b/my session.smtp")
  (unless (eq major-mode 'smtp-mode) (error "the mode is %s" major-mode))
  (check-expect '("5:4 RCPT" "9:4 DATA")))
(check "hover"
  (goto-char (point-min))
  (search-forward "503")
  (backward-char 1)
  (let ((text (check-hover)))
    (unless (string-match-p "503" text) (error "%S" text))))
(check "edits stay in sync"
  (goto-char (point-min))
  (insert "# a remark: é📧\n")
  (eglot--signal-textDocument/didChange)
  (check-expect '("10:4 DATA" "6:4 RCPT")))
(check "a fix"
  (check-open "dots.smtp")
  (check-expect '("14:4 ."))
  (goto-char (flymake-diagnostic-beg (car (flymake-diagnostics))))
  (let* ((actions (jsonrpc-request
                   (eglot-current-server) :textDocument/codeAction
                   (list :textDocument (eglot--TextDocumentIdentifier)
                         :range (list :start (eglot--pos-to-lsp-position (point))
                                      :end (eglot--pos-to-lsp-position (point)))
                         :context (list :diagnostics []))))
         (edit (plist-get (aref actions 0) :edit)))
    (eglot--apply-workspace-edit edit nil)
    (goto-char (point-min))
    (unless (search-forward "\nC: ..profile is a file\n" nil t) (error "%S" (buffer-string)))
    (eglot--signal-textDocument/didChange)
    (check-expect '())))
(check "bare CRs inside lines"
  (check-open "cr.smtp")
  (check-expect '("5:4 RCPT" "9:4 DATA"))
  (goto-char (point-min))
  (insert "# a remark\n")
  (eglot--signal-textDocument/didChange)
  (check-expect '("10:4 DATA" "6:4 RCPT")))
(check "CRLF, and CRs alone"
  (check-open "crlf.smtp")
  (check-expect '("5:4 RCPT" "9:4 DATA"))
  (check-open "mac.smtp")
  (check-expect '("5:4 RCPT" "9:4 DATA")))
(when (equal (getenv "PASTED_MAIL") "1")
  (check ".smtp.log"
    (check-open "x.smtp.log")
    (check-expect '("5:4 RCPT" "9:4 DATA")))
  (check "a message"
    (check-open "a b.eml")
    (check-expect '("4:1 From"))))

(dolist (buffer (buffer-list))
  (with-current-buffer buffer
    (set-buffer-modified-p nil)))
(ignore-errors (eglot-shutdown-all))
(kill-emacs (if check-failed 1 0))
