/** Every action provider that pipelines may use. */
import type { ActionProvider } from '../provider.ts'
import { alexaSkillsKit } from './alexa-skills-kit.ts'
import { appConfig } from './app-config.ts'
import { cloudformation } from './cloudformation.ts'
import { cloudformationStackInstances } from './cloudformation-stack-instances.ts'
import { cloudformationStackSet } from './cloudformation-stack-set.ts'
import { codeBuild, codeBuildTest } from './code-build.ts'
import { codeCommit } from './code-commit.ts'
import { codeDeploy } from './code-deploy.ts'
import { codeDeployToEcs } from './code-deploy-to-ecs.ts'
import { codePipelineInvoke } from './code-pipeline-invoke.ts'
import { codeStarSourceConnection } from './code-star-source-connection.ts'
import { commands } from './commands.ts'
import { deviceFarm } from './device-farm.ts'
import { ec2Deploy } from './ec2-deploy.ts'
import { ecrBuildAndPublish } from './ecr-build-and-publish.ts'
import { ecrSource } from './ecr-source.ts'
import { ecs } from './ecs.ts'
import { eks } from './eks.ts'
import { elasticBeanstalk } from './elastic-beanstalk.ts'
import { githubSource } from './github-source.ts'
import { inspectorScan } from './inspector-scan.ts'
import { lambdaDeploy } from './lambda-deploy.ts'
import { lambdaInvoke } from './lambda-invoke.ts'
import { manualApproval } from './manual-approval.ts'
import { opsWorks } from './ops-works.ts'
import { findRuleProvider } from './rules/index.ts'
import { s3Deploy } from './s3-deploy.ts'
import { s3Source } from './s3-source.ts'
import { serviceCatalog } from './service-catalog.ts'
import { stepFunctions } from './step-functions.ts'

/** By the name of their one object, for those who declare actions of a certain provider. */
export const provider = {
  codeStarSourceConnection,
  githubSource,
  s3Source,
  codeCommit,
  ecrSource,
  codeBuild,
  codeBuildTest,
  cloudformation,
  cloudformationStackSet,
  cloudformationStackInstances,
  manualApproval,
  lambdaInvoke,
  lambdaDeploy,
  s3Deploy,
  ecs,
  codeDeploy,
  codeDeployToEcs,
  stepFunctions,
  codePipelineInvoke,
  commands,
  appConfig,
  ecrBuildAndPublish,
  inspectorScan,
  elasticBeanstalk,
  ec2Deploy,
  eks,
  deviceFarm,
  serviceCatalog,
  opsWorks,
  alexaSkillsKit,
} as const satisfies Readonly<Record<string, ActionProvider>>

export const providers: readonly ActionProvider[] = Object.values(provider)

/** What is told of an action's type; an owner or version that is not told is AWS's own. */
export interface ToldType {
  readonly category: string
  readonly provider: string
  readonly owner?: string
  readonly version?: string
}

/** Few have the same name; every need of every action is asked about. */
const byName = new Map<string, ActionProvider[]>()
for (const one of providers) byName.set(one.type.provider, [...(byName.get(one.type.provider) ?? []), one])

/** Gives the provider of an action type, or of a rule's; undefined where none is known. */
export const findProvider = ({
  category,
  owner = 'AWS',
  provider: name,
  version = '1',
}: ToldType): ActionProvider | undefined =>
  findRuleProvider({ category, provider: name, version }) ??
  byName
    .get(name)
    ?.find(({ type }) => type.category === category && type.owner === owner && type.version === version)
