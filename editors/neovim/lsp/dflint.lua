-- dflint as a language server. Neovim 0.11 and later find this file as `lsp/dflint.lua` on the runtime path.
---@type vim.lsp.Config
return {
  cmd = { 'dflint', 'lsp' },
  filetypes = { 'dockerfile' },
  root_markers = { 'dflint.toml', '.dflint.toml', '.git' },
  -- What may stand here is in editors/README.md.
  settings = { dflint = {} },
}
