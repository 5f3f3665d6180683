#!/usr/bin/env bash
# Asks for four accounts with their profiles and lays the whole pipeline across them, each stack in the order in which what
# it names comes to exist. May be run again.
set -euo pipefail
cd "$(dirname "$0")"

for account in Tools Dev Test Production; do
  read -r -p "$account account: " "${account}Account"
  read -r -p "Profile of the $account account: " "${account}Profile"
done

deploy() { # profile, stack, template, Parameter=Value ...
  local profile=$1 stack=$2 template=$3
  shift 3
  echo "-- $stack in $profile"
  aws cloudformation deploy --profile "$profile" --stack-name "$stack" --template-file "$template" \
    --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset --parameter-overrides "$@"
}

output() { # profile, stack, output
  aws cloudformation describe-stacks --profile "$1" --stack-name "$2" \
    --query "Stacks[0].Outputs[?OutputKey=='$3'].OutputValue" --output text
}

pre_reqs() {
  deploy "$ToolsProfile" pre-reqs tools/pre-reqs.yaml DevAccount="$DevAccount" TestAccount="$TestAccount" \
    ProductionAccount="$ProductionAccount" "$@"
}

pipeline() {
  deploy "$ToolsProfile" greeter-pipeline tools/pipeline.yaml DevAccount="$DevAccount" TestAccount="$TestAccount" \
    ProductionAccount="$ProductionAccount" ArtifactBucket="$bucket" KeyArn="$key" SourceBucket="$source" "$@"
}

pre_reqs
bucket=$(output "$ToolsProfile" pre-reqs ArtifactBucket)
key=$(output "$ToolsProfile" pre-reqs KeyArn)

shared=(ToolsAccount="$ToolsAccount" ArtifactBucket="$bucket" KeyArn="$key")
deploy "$DevProfile" pipeline-source dev/source.yaml "${shared[@]}"
source=$(output "$DevProfile" pipeline-source SourceBucket)
deploy "$TestProfile" pipeline-deployer targets/deployer.yaml "${shared[@]}"
deploy "$ProductionProfile" pipeline-deployer targets/deployer.yaml "${shared[@]}"

pipeline
echo "Now the roles exist that the policies of key and bucket name"
pre_reqs CodeBuildCondition=true
pipeline CrossAccountCondition=true
