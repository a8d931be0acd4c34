vim.filetype.add({
  extension = { smtp = "smtp", bsmtp = "smtp" },
  pattern = { [".*%.smtp%.log"] = "smtp" },
})
