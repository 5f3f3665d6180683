# The roles of the build account, and the one that it assumes in the test account.

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
  name               = "my-thing-pipeline"
  assume_role_policy = data.aws_iam_policy_document.trust["codepipeline"].json
}

resource "aws_iam_role" "build" {
  name               = "my-thing-build"
  assume_role_policy = data.aws_iam_policy_document.trust["codebuild"].json
}

locals {
  use_artifacts = [
    {
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:GetBucketAcl"]
      Resource = [aws_s3_bucket.artifacts.arn, "${aws_s3_bucket.artifacts.arn}/*"]
    },
    {
      Effect   = "Allow"
      Action   = ["kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt", "kms:ReEncrypt*", "kms:Decrypt"]
      Resource = aws_kms_key.artifacts.arn
    },
  ]
}

resource "aws_iam_role_policy" "pipeline" {
  role = aws_iam_role.pipeline.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.use_artifacts, [
      { Effect = "Allow", Action = "sts:AssumeRole", Resource = local.deploy_role },
      { Effect = "Allow", Action = "codestar-connections:UseConnection", Resource = aws_codestarconnections_connection.github.arn },
      { Effect = "Allow", Action = ["codebuild:StartBuild", "codebuild:BatchGetBuilds"], Resource = aws_codebuild_project.image.arn },
    ])
  })
}

resource "aws_iam_role_policy" "build" {
  role = aws_iam_role.build.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.use_artifacts, [
      { Effect = "Allow", Action = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" },
      { Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" },
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"]
        Resource = aws_ecr_repository.images.arn
      },
    ])
  })
}

resource "aws_iam_role" "deployment" {
  provider = aws.test
  name     = "test-deployment"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = local.build_root }, Action = "sts:AssumeRole" }]
  })
}

# What a deployment to ECS takes: the service, what a container needs around it, and its artifact.
resource "aws_iam_role_policy" "deployment" {
  provider = aws.test
  role     = aws_iam_role.deployment.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:ListTasks",
          "ecs:RegisterTaskDefinition", "ecs:TagResource", "ecs:UpdateService",
          "ec2:Describe*", "elasticloadbalancing:Describe*",
        ]
        Resource = "*"
      },
      { Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectVersion"], Resource = "${aws_s3_bucket.artifacts.arn}/*" },
      { Effect = "Allow", Action = ["kms:Decrypt", "kms:DescribeKey"], Resource = aws_kms_key.artifacts.arn },
    ]
  })
}
