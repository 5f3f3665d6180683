# A function with its versions, a project, a connection and a pipeline.

resource "aws_lambda_function" "answers" {
  function_name    = "answers"
  description      = "Answers approvals"
  role             = aws_iam_role.worker.arn
  runtime          = "nodejs20.x"
  handler          = "index.handler"
  filename         = "function.zip"
  source_code_hash = filebase64sha256("function.zip")
  publish          = true
  timeout          = 10
  environment { variables = { STAGE = "dev" } }
  depends_on = [aws_iam_role_policy.everything]
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.answers.function_name
  function_version = aws_lambda_function.answers.version
}

resource "aws_lambda_permission" "topic" {
  statement_id  = "topic"
  function_name = aws_lambda_function.answers.function_name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.plain.arn
}

resource "aws_codebuild_project" "application" {
  name           = "application"
  description    = "Builds it"
  service_role   = aws_iam_role.worker.arn
  encryption_key = aws_kms_key.artifacts.arn
  build_timeout  = 20
  artifacts { type = "CODEPIPELINE" }
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/amazonlinux2-x86_64-standard:5.0"
    type         = "LINUX_CONTAINER"
    environment_variable {
      name  = "STAGE"
      value = "dev"
    }
    environment_variable {
      name  = "TOKEN"
      value = aws_ssm_parameter.secure.name
      type  = "PARAMETER_STORE"
    }
  }
  source {
    type      = "CODEPIPELINE"
    buildspec = yamlencode({ version = 0.2, phases = { build = { commands = ["echo hi"] } } })
  }
  logs_config {
    cloudwatch_logs { group_name = aws_cloudwatch_log_group.builds.name }
  }
}

resource "aws_codestarconnections_connection" "github" {
  name          = "github"
  provider_type = "GitHub"
}

resource "aws_codepipeline" "application" {
  name           = "application"
  role_arn       = aws_iam_role.worker.arn
  pipeline_type  = "V2"
  execution_mode = "QUEUED"
  artifact_store {
    location = aws_s3_bucket.artifacts.bucket
    type     = "S3"
    encryption_key {
      id   = data.aws_kms_alias.artifacts.arn
      type = "KMS"
    }
  }
  variable {
    name          = "stage"
    default_value = "dev"
  }
  trigger {
    provider_type = "CodeStarSourceConnection"
    git_configuration {
      source_action_name = "Commit"
      push {
        branches { includes = ["main"] }
      }
    }
  }
  stage {
    name = "Source"
    action {
      name             = "Commit"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeStarSourceConnection"
      version          = "1"
      output_artifacts = ["source"]
      configuration = {
        ConnectionArn    = aws_codestarconnections_connection.github.arn
        FullRepositoryId = "example/application"
        BranchName       = "main"
      }
    }
  }
  stage {
    name = "Build"
    action {
      name             = "Build"
      category         = "Build"
      owner            = "AWS"
      provider         = "CodeBuild"
      version          = "1"
      namespace        = "build"
      input_artifacts  = ["source"]
      output_artifacts = ["built"]
      configuration    = { ProjectName = aws_codebuild_project.application.name }
    }
  }
  stage {
    name = "Accept"
    action {
      name          = "Accept"
      category      = "Approval"
      owner         = "AWS"
      provider      = "Manual"
      version       = "1"
      configuration = { NotificationArn = aws_sns_topic.plain.arn }
    }
  }
}
