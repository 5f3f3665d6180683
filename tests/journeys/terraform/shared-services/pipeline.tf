# Tests, then a build that assumes the role of each account in turn; a person accepts before QA and before prod.

data "aws_iam_policy_document" "trust" {
  for_each = toset(["codepipeline", "codebuild"])
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "pipeline" {
  name               = "greeter-pipeline"
  assume_role_policy = data.aws_iam_policy_document.trust["codepipeline"].json
}

resource "aws_iam_role" "build" {
  name               = "greeter-build"
  assume_role_policy = data.aws_iam_policy_document.trust["codebuild"].json
}

data "aws_iam_policy_document" "artifacts" {
  statement {
    actions = [
      "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl",
      "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:GetBucketAcl",
    ]
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
  }
  statement {
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = [aws_kms_key.this.arn]
  }
}

data "aws_iam_policy_document" "pipeline" {
  source_policy_documents = [data.aws_iam_policy_document.artifacts.json]
  statement {
    actions   = ["codestar-connections:UseConnection"]
    resources = [aws_codestarconnections_connection.github.arn]
  }
  statement {
    actions   = ["codebuild:StartBuild", "codebuild:BatchGetBuilds"]
    resources = [for one in aws_codebuild_project.this : one.arn]
  }
}

resource "aws_iam_role_policy" "pipeline" {
  role   = aws_iam_role.pipeline.id
  policy = data.aws_iam_policy_document.pipeline.json
}

data "aws_iam_policy_document" "build" {
  source_policy_documents = [data.aws_iam_policy_document.artifacts.json]
  statement {
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["*"]
  }
  statement {
    actions   = ["sts:AssumeRole"]
    resources = values(local.role_arns)
  }
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.token.arn]
  }
}

resource "aws_iam_role_policy" "build" {
  role   = aws_iam_role.build.id
  policy = data.aws_iam_policy_document.build.json
}

resource "aws_codestarconnections_connection" "github" {
  name          = "greeter"
  provider_type = "GitHub"
}

locals {
  buildspecs = {
    test = file("${path.module}/test.yml")
    deploy = templatefile("${path.module}/deploy.yml", {
      region   = data.aws_region.current.name
      function = local.function
      source   = "greeter.py"
    })
  }
}

resource "aws_codebuild_project" "this" {
  for_each       = local.buildspecs
  name           = "greeter-${each.key}"
  service_role   = aws_iam_role.build.arn
  encryption_key = aws_kms_key.this.arn
  source {
    type      = "CODEPIPELINE"
    buildspec = each.value
  }
  artifacts { type = "CODEPIPELINE" }
  environment {
    type         = "LINUX_CONTAINER"
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    dynamic "environment_variable" {
      for_each = each.key == "test" ? [aws_secretsmanager_secret.token.name] : []
      content {
        name  = "API_TOKEN"
        type  = "SECRETS_MANAGER"
        value = environment_variable.value
      }
    }
  }
}

resource "aws_codepipeline" "this" {
  name     = "greeter"
  role_arn = aws_iam_role.pipeline.arn
  artifact_store {
    type     = "S3"
    location = aws_s3_bucket.this.bucket
    encryption_key {
      type = "KMS"
      id   = aws_kms_key.this.arn
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
      output_artifacts = ["commit"]
      configuration = {
        ConnectionArn    = aws_codestarconnections_connection.github.arn
        FullRepositoryId = "example/greeter"
        BranchName       = "main"
      }
    }
  }

  stage {
    name = "Test"
    action {
      name            = "Test"
      category        = "Test"
      owner           = "AWS"
      provider        = "CodeBuild"
      version         = "1"
      input_artifacts = ["commit"]
      configuration   = { ProjectName = aws_codebuild_project.this["test"].name }
    }
  }

  dynamic "stage" {
    for_each = ["dev", "qa", "prod"]
    content {
      name = "Deploy-${stage.value}"
      dynamic "action" {
        for_each = stage.value == "dev" ? [] : [stage.value]
        content {
          name      = "Accept"
          category  = "Approval"
          owner     = "AWS"
          provider  = "Manual"
          version   = "1"
          run_order = 1
        }
      }
      action {
        name            = "Deploy"
        category        = "Build"
        owner           = "AWS"
        provider        = "CodeBuild"
        version         = "1"
        run_order       = 2
        input_artifacts = ["commit"]
        configuration = {
          ProjectName = aws_codebuild_project.this["deploy"].name
          EnvironmentVariables = jsonencode([
            { name = "ROLE_ARN", value = local.role_arns[stage.value] },
            { name = "ALIAS", value = stage.value },
          ])
        }
      }
    }
  }
  depends_on = [aws_iam_role_policy.pipeline, aws_iam_role_policy.build]
}
