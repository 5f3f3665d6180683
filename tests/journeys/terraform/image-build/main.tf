# A service's image and its definitions, built in one account for another: what a deployment to ECS there stands on.

terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}

provider "aws" {
  profile = "build"
  region  = "us-west-2"
}

provider "aws" {
  alias   = "test"
  profile = "test"
  region  = "us-west-2"
}

data "aws_caller_identity" "build" {}
data "aws_caller_identity" "test" { provider = aws.test }

locals {
  build_root  = "arn:aws:iam::${data.aws_caller_identity.build.account_id}:root"
  test_root   = "arn:aws:iam::${data.aws_caller_identity.test.account_id}:root"
  deploy_role = "arn:aws:iam::${data.aws_caller_identity.test.account_id}:role/test-deployment"
}

resource "aws_ecr_repository" "images" {
  name         = "my-thing"
  force_delete = true
}

data "aws_iam_policy_document" "pull" {
  statement {
    actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    principals {
      type        = "AWS"
      identifiers = [local.test_root]
    }
  }
}

resource "aws_ecr_repository_policy" "pull" {
  repository = aws_ecr_repository.images.name
  policy     = data.aws_iam_policy_document.pull.json
}

resource "aws_codestarconnections_connection" "github" {
  name          = "my-thing"
  provider_type = "GitHub"
}

# CodeBuild, not CodePipeline, writes what was built: without this key it takes aws/s3, of no use in the test account.
resource "aws_codebuild_project" "image" {
  name           = "my-thing"
  service_role   = aws_iam_role.build.arn
  encryption_key = aws_kms_key.artifacts.arn
  source { type = "CODEPIPELINE" }
  artifacts { type = "CODEPIPELINE" }
  environment {
    type            = "LINUX_CONTAINER"
    compute_type    = "BUILD_GENERAL1_SMALL"
    image           = "aws/codebuild/standard:7.0"
    privileged_mode = true
    environment_variable {
      name  = "IMAGE_REPO_NAME"
      value = aws_ecr_repository.images.repository_url
    }
  }
}

resource "aws_codepipeline" "image" {
  name     = "my-thing"
  role_arn = aws_iam_role.pipeline.arn
  artifact_store {
    type     = "S3"
    location = aws_s3_bucket.artifacts.bucket
    encryption_key {
      type = "KMS"
      id   = aws_kms_key.artifacts.arn
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
        FullRepositoryId = "example/my-thing"
        BranchName       = "main"
      }
    }
  }
  stage {
    name = "Build"
    action {
      name             = "Image"
      category         = "Build"
      owner            = "AWS"
      provider         = "CodeBuild"
      version          = "1"
      input_artifacts  = ["commit"]
      output_artifacts = ["image"]
      configuration    = { ProjectName = aws_codebuild_project.image.name }
    }
  }
  depends_on = [aws_iam_role_policy.pipeline, aws_iam_role_policy.build]
}
