;;; Drives Emacs as a user would: opens a Dockerfile, waits for the finding, fixes it, hovers, renames.  -*- lexical-binding: t -*-
;; Arguments by environment: DFLINT (the program), CONFIG (editors/emacs/dflint.el), FILE, FIXED.

(require 'dockerfile-mode)
(require 'flymake)
(load (getenv "CONFIG") nil t)
(setq dflint-command (list (getenv "DFLINT") "lsp")
      eglot-confirm-server-initiated-edits nil
      eglot-sync-connect 30)

(defun test-fail (format &rest arguments)
  (message "emacs: %s" (apply #'format format arguments))
  (kill-emacs 1))

(defun test-wait (what condition)
  (let ((end (+ (float-time) 30)))
    (while (not (funcall condition))
      (when (> (float-time) end) (test-fail "no %s within 30 seconds" what))
      (accept-process-output nil 0.05))))

(defun test-contents (file)
  (with-temp-buffer (insert-file-contents file) (buffer-string)))

(find-file (getenv "FILE"))
(unless (derived-mode-p 'dockerfile-mode) (test-fail "the mode is %s" major-mode))
;; What eglot-ensure does once Emacs waits for a key.
(apply #'eglot--connect (eglot--guess-contact))
(test-wait "flymake" (lambda () flymake-mode))
(flymake-start)
(test-wait "finding" #'flymake-diagnostics)
(let ((text (flymake-diagnostic-text (car (flymake-diagnostics)))))
  (unless (string-match-p "XC101" text) (test-fail "the finding is %s" text)))

;; Hover on FROM.
(goto-char (point-min))
(re-search-forward "^FROM golang")
(goto-char (match-beginning 0))
(let (hover)
  (eglot-hover-eldoc-function (lambda (text &rest _) (setq hover (or text ""))))
  (test-wait "hover" (lambda () hover))
  (unless (string-match-p "emulated" hover) (test-fail "the hover is %s" hover)))

;; The fix.
(dflint-fix-all)
(let ((fixed (test-contents (getenv "FIXED"))))
  (test-wait "fix" (lambda () (equal (buffer-string) fixed)))
  ;; What Emacs does when it is idle: tell the server of the edits.
  (eglot--signal-textDocument/didChange)
  ;; Rename the stage.
  (goto-char (point-min))
  (re-search-forward "AS build")
  (backward-char 2)
  (eglot-rename "compile")
  (let* ((renamed (replace-regexp-in-string "AS build" "AS compile" fixed t))
         (renamed (replace-regexp-in-string "--from=build" "--from=compile" renamed t)))
    (when (equal renamed fixed) (test-fail "the file has no stage to rename"))
    (test-wait "rename" (lambda () (equal (buffer-string) renamed)))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(kill-emacs 0)
