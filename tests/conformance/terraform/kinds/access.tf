# Roles, policies, keys, parameters and secrets.

terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}

provider "aws" {
  profile = "build"
  region  = "eu-west-1"
  default_tags { tags = { team = "delivery" } }
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
data "aws_partition" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [for one in ["lambda", "codebuild", "codepipeline", "events", "sns"] : "${one}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "worker" {
  name                 = "worker"
  path                 = "/delivery/"
  description          = "Does it all"
  max_session_duration = 7200
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "everything" {
  name = "everything"
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_policy" "reading" {
  name = "reading"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:Get*", "s3:List*"], Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "reading" {
  role       = aws_iam_role.worker.name
  policy_arn = aws_iam_policy.reading.arn
}

resource "aws_iam_role_policy_attachment" "managed" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_kms_key" "artifacts" {
  description             = "Artifacts"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Account"
      Effect    = "Allow"
      Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "artifacts" {
  name          = "alias/artifacts"
  target_key_id = aws_kms_key.artifacts.key_id
}

data "aws_kms_alias" "artifacts" {
  name = aws_kms_alias.artifacts.name
}

resource "aws_ssm_parameter" "plain" {
  name        = "/delivery/stage"
  description = "Where it goes"
  type        = "String"
  value       = "dev"
}

resource "aws_ssm_parameter" "list" {
  name  = "/delivery/stages"
  type  = "StringList"
  value = "dev,qa,prod"
}

resource "aws_ssm_parameter" "secure" {
  name   = "/delivery/token"
  type   = "SecureString"
  value  = "sealed"
  key_id = aws_kms_key.artifacts.key_id
}

resource "aws_secretsmanager_secret" "token" {
  name                    = "delivery/token"
  kms_key_id              = aws_kms_key.artifacts.arn
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "token" {
  secret_id     = aws_secretsmanager_secret.token.id
  secret_string = jsonencode({ token = "sealed" })
}
