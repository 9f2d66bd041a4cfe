;;; dflint.el --- dflint as a language server for eglot  -*- lexical-binding: t -*-

;;; Commentary:

;; Eglot is part of Emacs 29; for older versions it is in GNU ELPA.  `dockerfile-mode' is in MELPA and NonGNU ELPA,
;; `dockerfile-ts-mode' is part of Emacs 29.

;;; Code:

(require 'eglot)

(defgroup dflint nil
  "A linter and fixer for Dockerfiles that are built for several architectures."
  :group 'tools)

(defcustom dflint-command '("dflint" "lsp")
  "The command that starts the language server."
  :type '(repeat string))

(add-to-list 'eglot-server-programs
             (cons '(dockerfile-mode dockerfile-ts-mode)
                   (lambda (&rest _) dflint-command)))

(dolist (hook '(dockerfile-mode-hook dockerfile-ts-mode-hook))
  (add-hook hook #'eglot-ensure))

(defun dflint-fix-all ()
  "Fix all that dflint can fix in this buffer."
  (interactive)
  (eglot-code-actions (point-min) (point-max) "source.fixAll.dflint" t))

(provide 'dflint)
;;; dflint.el ends here
