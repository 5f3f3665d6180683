# A shared-services account whose pipeline moves the aliases of a function in dev, QA and prod.

terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}

provider "aws" {
  profile = "shared-services"
  region  = "us-east-1"
}

provider "aws" {
  alias   = "dev"
  profile = "dev"
  region  = "us-east-1"
}

provider "aws" {
  alias   = "qa"
  profile = "qa"
  region  = "us-east-1"
}

provider "aws" {
  alias   = "prod"
  profile = "prod"
  region  = "us-east-1"
}

data "aws_caller_identity" "shared" {}
data "aws_region" "current" {}
data "aws_caller_identity" "dev" { provider = aws.dev }
data "aws_caller_identity" "qa" { provider = aws.qa }
data "aws_caller_identity" "prod" { provider = aws.prod }

locals {
  function    = "greeter"
  shared_root = "arn:aws:iam::${data.aws_caller_identity.shared.account_id}:root"
  target_roots = [
    for one in [data.aws_caller_identity.dev, data.aws_caller_identity.qa, data.aws_caller_identity.prod] :
    "arn:aws:iam::${one.account_id}:root"
  ]
  role_arns = {
    dev  = module.dev.role_arn
    qa   = module.qa.role_arn
    prod = module.prod.role_arn
  }
}

module "dev" {
  source         = "./environment"
  name           = "dev"
  function       = local.function
  principal_arns = [local.shared_root]
  providers      = { aws = aws.dev }
}

module "qa" {
  source         = "./environment"
  name           = "qa"
  function       = local.function
  principal_arns = [local.shared_root]
  providers      = { aws = aws.qa }
}

module "prod" {
  source         = "./environment"
  name           = "prod"
  function       = local.function
  principal_arns = [local.shared_root]
  providers      = { aws = aws.prod }
}
