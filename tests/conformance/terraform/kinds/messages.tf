# Topics with every attribute that the provider sets, rules, log groups.

resource "aws_sns_topic" "plain" {}

resource "aws_sns_topic" "full" {
  name              = "approvals"
  display_name      = "Approvals"
  tracing_config    = "Active"
  signature_version = 2
  delivery_policy = jsonencode({
    http = {
      defaultHealthyRetryPolicy = {
        minDelayTarget     = 20
        maxDelayTarget     = 20
        numRetries         = 3
        numMaxDelayRetries = 0
        numNoDelayRetries  = 0
        numMinDelayRetries = 0
        backoffFunction    = "linear"
      }
      disableSubscriptionOverrides = false
    }
  })
  kms_master_key_id                        = aws_kms_key.artifacts.arn
  application_success_feedback_role_arn    = aws_iam_role.worker.arn
  application_failure_feedback_role_arn    = aws_iam_role.worker.arn
  application_success_feedback_sample_rate = 10
  firehose_success_feedback_role_arn       = aws_iam_role.worker.arn
  firehose_failure_feedback_role_arn       = aws_iam_role.worker.arn
  firehose_success_feedback_sample_rate    = 20
  http_success_feedback_role_arn           = aws_iam_role.worker.arn
  http_failure_feedback_role_arn           = aws_iam_role.worker.arn
  http_success_feedback_sample_rate        = 30
  lambda_success_feedback_role_arn         = aws_iam_role.worker.arn
  lambda_failure_feedback_role_arn         = aws_iam_role.worker.arn
  lambda_success_feedback_sample_rate      = 40
  sqs_success_feedback_role_arn            = aws_iam_role.worker.arn
  sqs_failure_feedback_role_arn            = aws_iam_role.worker.arn
  sqs_success_feedback_sample_rate         = 50
}

resource "aws_sns_topic_policy" "plain" {
  arn = aws_sns_topic.plain.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Rules"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.plain.arn
    }]
  })
}

resource "aws_sns_topic_subscription" "answers" {
  topic_arn           = aws_sns_topic.plain.arn
  protocol            = "lambda"
  endpoint            = aws_lambda_function.answers.arn
  filter_policy       = jsonencode({ stage = ["prod"] })
  filter_policy_scope = "MessageAttributes"
}

resource "aws_cloudwatch_event_bus" "delivery" {
  name = "delivery"
}

resource "aws_cloudwatch_event_rule" "pipelines" {
  name        = "pipelines"
  description = "Pipelines that failed"
  event_pattern = jsonencode({
    source        = ["aws.codepipeline"]
    "detail-type" = ["CodePipeline Pipeline Execution State Change"]
    detail        = { state = ["FAILED"] }
  })
}

resource "aws_cloudwatch_event_rule" "daily" {
  name                = "daily"
  schedule_expression = "rate(1 day)"
  state               = "DISABLED"
}

resource "aws_cloudwatch_event_target" "topic" {
  rule = aws_cloudwatch_event_rule.pipelines.name
  arn  = aws_sns_topic.plain.arn
  input_transformer {
    input_paths    = { pipeline = "$.detail.pipeline" }
    input_template = "\"<pipeline> failed\""
  }
}

resource "aws_cloudwatch_event_target" "pipeline" {
  rule     = aws_cloudwatch_event_rule.daily.name
  arn      = aws_codepipeline.application.arn
  role_arn = aws_iam_role.worker.arn
}

resource "aws_cloudwatch_log_group" "builds" {
  name              = "/delivery/builds"
  retention_in_days = 7
}

resource "aws_cloudwatch_log_stream" "first" {
  name           = "first"
  log_group_name = aws_cloudwatch_log_group.builds.name
}
