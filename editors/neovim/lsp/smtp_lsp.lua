-- What `vim.lsp.enable("smtp_lsp")` starts (Neovim 0.11 and later). To change something, call
-- `vim.lsp.config("smtp_lsp", { ... })` or `require("smtp_lsp").setup({ ... })`.
return require("smtp_lsp.config").client()
