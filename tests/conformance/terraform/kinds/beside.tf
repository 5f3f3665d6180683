# What stands beside pipelines: people and their mail, grants, a bucket's further settings, stacks, other accounts.

resource "aws_iam_user" "deployer" {
  name = "deployer"
}

resource "aws_iam_access_key" "deployer" {
  user = aws_iam_user.deployer.name
}

resource "aws_iam_user_policy" "deployer" {
  name = "reading"
  user = aws_iam_user.deployer.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "codepipeline:Get*", Resource = "*" }]
  })
}

resource "aws_iam_user_policy_attachment" "deployer" {
  user       = aws_iam_user.deployer.name
  policy_arn = aws_iam_policy.reading.arn
}

resource "aws_iam_group" "approvers" {
  name = "approvers"
}

resource "aws_iam_group_membership" "approvers" {
  name  = "approvers"
  group = aws_iam_group.approvers.name
  users = [aws_iam_user.deployer.name]
}

resource "aws_iam_instance_profile" "worker" {
  name = "worker"
  role = aws_iam_role.worker.name
}

resource "aws_iam_account_alias" "hub" {
  account_alias = "delivery-hub"
}

# Nobody confirms it: to the end of the topic it is pending, and cannot be unsubscribed.
resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.full.arn
  protocol  = "email"
  endpoint  = "approvers@delivery.example"
}

resource "aws_kms_grant" "worker" {
  key_id            = aws_kms_key.artifacts.key_id
  grantee_principal = aws_iam_role.worker.arn
  operations        = ["Decrypt", "DescribeKey"]
}

resource "aws_secretsmanager_secret_policy" "token" {
  secret_arn = aws_secretsmanager_secret.token.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::222222222222:root" }
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
    }]
  })
}

resource "aws_s3_bucket" "site" {
  bucket_prefix = "delivery-site-"
}

resource "aws_s3_bucket_ownership_controls" "site" {
  bucket = aws_s3_bucket.site.id
  rule { object_ownership = "BucketOwnerPreferred" }
}

resource "aws_s3_bucket_acl" "site" {
  bucket     = aws_s3_bucket.site.id
  acl        = "private"
  depends_on = [aws_s3_bucket_ownership_controls.site]
}

resource "aws_s3_bucket_cors_configuration" "site" {
  bucket = aws_s3_bucket.site.id
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["https://delivery.example"]
  }
}

resource "aws_s3_bucket_website_configuration" "site" {
  bucket = aws_s3_bucket.site.id
  index_document { suffix = "index.html" }
}

resource "aws_s3_bucket_logging" "site" {
  bucket        = aws_s3_bucket.site.id
  target_bucket = aws_s3_bucket.artifacts.id
  target_prefix = "logs/"
}

resource "aws_s3_bucket_notification" "site" {
  bucket = aws_s3_bucket.site.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.answers.arn
    events              = ["s3:ObjectCreated:*"]
  }
  depends_on = [aws_lambda_permission.site]
}

resource "aws_lambda_permission" "site" {
  function_name = aws_lambda_function.answers.function_name
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.site.arn
}

resource "aws_lambda_function_event_invoke_config" "answers" {
  function_name          = aws_lambda_function.answers.function_name
  maximum_retry_attempts = 1
}

resource "aws_cloudwatch_log_resource_policy" "rules" {
  policy_name = "rules"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "logs:PutLogEvents"
      Resource  = "*"
    }]
  })
}

resource "aws_cloudwatch_event_bus_policy" "delivery" {
  event_bus_name = aws_cloudwatch_event_bus.delivery.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Dev"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::222222222222:root" }
      Action    = "events:PutEvents"
      Resource  = aws_cloudwatch_event_bus.delivery.arn
    }]
  })
}

resource "aws_cloudwatch_event_permission" "dev" {
  principal    = "222222222222"
  statement_id = "Dev"
}

resource "aws_codebuild_report_group" "tests" {
  name           = "tests"
  type           = "TEST"
  delete_reports = true
  export_config { type = "NO_EXPORT" }
}

resource "aws_codeconnections_connection" "gitlab" {
  name          = "gitlab"
  provider_type = "GitLab"
}

resource "aws_cloudformation_stack" "topic" {
  name       = "topic"
  parameters = { Name = "of-a-stack" }
  template_body = jsonencode({
    Parameters = { Name = { Type = "String" } }
    Resources  = { Topic = { Type = "AWS::SNS::Topic", Properties = { TopicName = { Ref = "Name" } } } }
    Outputs    = { Topic = { Value = { Ref = "Topic" } } }
  })
}
