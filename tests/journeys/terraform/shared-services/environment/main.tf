# One of the accounts that are deployed into: a function, its alias, and the role that shared services assume.

terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}

variable "name" { type = string }
variable "function" { type = string }
variable "principal_arns" { type = list(string) }

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = var.principal_arns
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "deploy-from-shared-services"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "deploy" {
  role = aws_iam_role.deploy.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["lambda:UpdateFunctionCode", "lambda:GetFunctionConfiguration", "lambda:PublishVersion", "lambda:UpdateAlias"]
      Resource = [aws_lambda_function.this.arn, "${aws_lambda_function.this.arn}:*"]
    }]
  })
}

resource "aws_iam_role" "function" {
  name = "${var.function}-function"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "function" {
  role       = aws_iam_role.function.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

# Code, versions and where the alias points are the pipeline's.
resource "aws_lambda_function" "this" {
  function_name = var.function
  role          = aws_iam_role.function.arn
  runtime       = "python3.12"
  handler       = "greeter.handler"
  filename      = "function.zip"
  publish       = true
  lifecycle { ignore_changes = [filename, source_code_hash] }
}

resource "aws_lambda_alias" "this" {
  name             = var.name
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version
  lifecycle { ignore_changes = [function_version] }
}

output "role_arn" { value = aws_iam_role.deploy.arn }
