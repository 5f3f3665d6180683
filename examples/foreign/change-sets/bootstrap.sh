#!/usr/bin/env bash
# Lays the foundation: asks for accounts, regions and profiles, and deploys primary.yaml, deploy.yaml and regional.yaml in
# the order that their policies need. May be run again, with further accounts and regions too.
set -euo pipefail
cd "$(dirname "$0")"

ask() { # variable, question
  read -r -p "$2: " "$1"
}

deploy() { # profile, region, stack, template, Parameter=Value ...
  local profile=$1 region=$2 stack=$3 template=$4
  shift 4
  echo "-- $stack in $profile, $region"
  aws cloudformation deploy --profile "$profile" --region "$region" --stack-name "$stack" --template-file "$template" \
    --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset ${1:+--parameter-overrides "$@"}
}

outputs() { # profile, region, stack, outputs ...
  local profile=$1 region=$2 stack=$3
  shift 3
  aws cloudformation describe-stacks --profile "$profile" --region "$region" --stack-name "$stack" --output text \
    --query "Stacks[0].[$(printf "Outputs[?OutputKey=='%s'].OutputValue | [0]," "$@" | sed 's/,$//')]"
}

joined() {
  local IFS=,
  echo "$*"
}

ask build_profile "Build profile"
ask build_region "Build region"
ask build_account "Build account"

accounts=() # In the order they were named.
declare -A profiles home_regions regional
while ask account "Deploy account (empty when there are no more)" && [ -n "$account" ]; do
  ask region "Region"
  ask profile "Profile"
  [ -n "${profiles[$account]:-}" ] || accounts+=("$account")
  profiles[$account]=$profile
  home_regions[$account]=${home_regions[$account]:-$region}
  [ "$region" = "$build_region" ] || regional[$region]=1
done

role_arns=()
for account in "${accounts[@]}"; do
  role_arns+=("arn:aws:iam::$account:role/cross-account-pipeline" "arn:aws:iam::$account:role/cross-account-cloudformation")
done

deploy_accounts() { # with the buckets and keys of all regions that there are
  local account pids=()
  for account in "${accounts[@]}"; do
    deploy "${profiles[$account]}" "${home_regions[$account]}" bay-deploy deploy.yaml BuildAccount="$build_account" \
      PipelineBucketArns="$(joined "${bucket_arns[@]}")" KeyArns="$(joined "${key_arns[@]}")" &
    pids+=($!)
  done
  local pid
  for pid in "${pids[@]}"; do wait "$pid"; done
}

gather() { # region, stack
  local found bucket_arn key_arn
  found=$(outputs "$build_profile" "$1" "$2" PipelineBucketArn KeyArn)
  read -r bucket_arn key_arn <<<"$found"
  bucket_arns+=("$bucket_arn") key_arns+=("$key_arn")
}

echo "Primary region"
deploy "$build_profile" "$build_region" bay-primary primary.yaml
bucket_arns=() key_arns=()
gather "$build_region" bay-primary

echo "Deploy accounts"
deploy_accounts

echo "Primary region, now that the roles exist"
deploy "$build_profile" "$build_region" bay-primary primary.yaml \
  DeployReady=true DeployRoleArns="$(joined "${role_arns[@]}")"

if [ ${#regional[@]} -gt 0 ]; then
  echo "Further regions"
  for region in "${!regional[@]}"; do
    deploy "$build_profile" "$region" bay-regional regional.yaml DeployRoleArns="$(joined "${role_arns[@]}")"
    gather "$region" bay-regional
  done
  echo "Deploy accounts, with the further regions"
  deploy_accounts
fi
