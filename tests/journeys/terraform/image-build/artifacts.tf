# Bucket and key of the build account let in the root of the test account.

resource "aws_s3_bucket" "artifacts" {
  bucket        = "my-thing-artifacts"
  force_destroy = true
}

resource "aws_s3_bucket_policy" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = local.test_root }
      Action    = ["s3:PutObject", "s3:GetObjectVersion", "s3:GetObject", "s3:GetBucketLocation", "s3:GetBucketAcl"]
      Resource  = [aws_s3_bucket.artifacts.arn, "${aws_s3_bucket.artifacts.arn}/*"]
    }]
  })
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Administer"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [local.build_root]
    }
  }
  statement {
    sid       = "Use"
    actions   = ["kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Encrypt", "kms:DescribeKey", "kms:Decrypt"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [local.test_root, aws_iam_role.pipeline.arn, aws_iam_role.build.arn]
    }
  }
  statement {
    sid       = "Grants"
    actions   = ["kms:RevokeGrant", "kms:ListGrants", "kms:CreateGrant"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [local.test_root, aws_iam_role.pipeline.arn, aws_iam_role.build.arn]
    }
    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}

resource "aws_kms_key" "artifacts" {
  description             = "Artifacts of my-thing"
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "artifacts" {
  name          = "alias/my-thing"
  target_key_id = aws_kms_key.artifacts.id
}

resource "aws_s3_bucket_server_side_encryption_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.artifacts.arn
    }
  }
}
