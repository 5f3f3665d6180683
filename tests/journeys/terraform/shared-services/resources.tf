# What other accounts are let into by policies: key, bucket and image repository; and the secret of the tests.

data "aws_iam_policy_document" "kms" {
  statement {
    sid       = "kms"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = concat([local.shared_root], local.target_roots)
    }
  }
}

resource "aws_kms_key" "this" {
  description             = "Artifacts of shared services"
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.kms.json
}

resource "aws_kms_alias" "this" {
  name          = "alias/artifacts"
  target_key_id = aws_kms_key.this.id
}

resource "aws_s3_bucket" "this" {
  bucket        = "shared-services-artifacts"
  force_destroy = true
}

data "aws_kms_key" "s3" {
  key_id = aws_kms_alias.this.name
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = data.aws_kms_key.s3.arn
    }
  }
}

data "aws_iam_policy_document" "s3" {
  statement {
    sid       = "s3"
    actions   = ["s3:Get*", "s3:List*", "s3:Put*"]
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = local.target_roots
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.s3.json
}

resource "aws_ecr_repository" "this" {
  name         = "greeter"
  force_delete = true
}

data "aws_iam_policy_document" "ecr" {
  statement {
    sid     = "ecr"
    actions = ["ecr:*"]
    principals {
      type        = "AWS"
      identifiers = local.target_roots
    }
  }
}

resource "aws_ecr_repository_policy" "this" {
  repository = aws_ecr_repository.this.name
  policy     = data.aws_iam_policy_document.ecr.json
}

resource "aws_secretsmanager_secret" "token" {
  name                    = "greeter/api-token"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "token" {
  secret_id     = aws_secretsmanager_secret.token.id
  secret_string = "not-for-files"
}
