/** Every service the cloud has, and what IAM and Organizations keep for the gateway: principals and their limits. */
import type { Service } from '../kernel/service.ts'
import { cloudformation } from './cloudformation/index.ts'
import { cloudwatch } from './cloudwatch/index.ts'
import { codebuild } from './codebuild/index.ts'
import { codecommit } from './codecommit/index.ts'
import { codeconnections, codestarConnections } from './codeconnections/index.ts'
import { codedeploy } from './codedeploy/index.ts'
import { codenotifications } from './codenotifications/index.ts'
import { codepipeline } from './codepipeline/index.ts'
import { ecr } from './ecr/index.ts'
import { ecs } from './ecs/index.ts'
import { elasticloadbalancing } from './elasticloadbalancing/index.ts'
import { events } from './events/index.ts'
import { iam } from './iam/index.ts'
import { kms } from './kms/index.ts'
import { lambda } from './lambda/index.ts'
import { logs } from './logs/index.ts'
import { organizations } from './organizations/index.ts'
import { s3 } from './s3/index.ts'
import { secretsmanager } from './secretsmanager/index.ts'
import { sns } from './sns/index.ts'
import { sqs } from './sqs/index.ts'
import { ssm } from './ssm/index.ts'
import { states } from './states/index.ts'
import { sts } from './sts/index.ts'

export { createDirectory } from './iam/index.ts'
export { createOrganization } from './organizations/index.ts'

export const services: readonly Service[] = [
  sts,
  iam,
  s3,
  kms,
  cloudformation,
  lambda,
  codebuild,
  codeconnections,
  codestarConnections,
  codepipeline,
  logs,
  sns,
  sqs,
  ssm,
  secretsmanager,
  events,
  organizations,
  ecr,
  ecs,
  elasticloadbalancing,
  codecommit,
  codedeploy,
  cloudwatch,
  states,
  codenotifications,
]
