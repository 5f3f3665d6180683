/** The action providers that the embedded cloud can run. */
import type { ActionDeclaration } from '../../../../model/index.ts'
import { findProvider, isJobWorked } from '../../../../pipeline/index.ts'
import { cloudformation } from './cloudformation.ts'
import { cloudformationStackInstances } from './cloudformation-stack-instances.ts'
import { cloudformationStackSet } from './cloudformation-stack-set.ts'
import { codeBuild, codeBuildTest } from './code-build.ts'
import { codeCommit } from './code-commit.ts'
import { codeDeployToEcs } from './code-deploy-to-ecs.ts'
import { codePipelineInvoke } from './code-pipeline-invoke.ts'
import { codeStarSourceConnection } from './code-star-source-connection.ts'
import { commands } from './commands.ts'
import { ecrBuildAndPublish } from './ecr-build-and-publish.ts'
import { ecrSource } from './ecr-source.ts'
import { ecs } from './ecs.ts'
import { githubSource } from './github-source.ts'
import { jobWorker } from './job-worker.ts'
import { lambdaDeploy } from './lambda-deploy.ts'
import { lambdaInvoke } from './lambda-invoke.ts'
import { manualApproval } from './manual-approval.ts'
import { ruleRunners } from './rules/index.ts'
import type { Runner } from './runner.ts'
import { s3Deploy } from './s3-deploy.ts'
import { s3Source } from './s3-source.ts'
import { stepFunctions } from './step-functions.ts'

export const runners: readonly Runner[] = [
  codeStarSourceConnection,
  githubSource,
  s3Source,
  ecrSource,
  codeCommit,
  codeBuild,
  codeBuildTest,
  cloudformation,
  cloudformationStackSet,
  cloudformationStackInstances,
  manualApproval,
  lambdaDeploy,
  lambdaInvoke,
  stepFunctions,
  s3Deploy,
  ecs,
  codeDeployToEcs,
  codePipelineInvoke,
  commands,
  ecrBuildAndPublish,
]

const byId = new Map([...runners, ...ruleRunners].map((one) => [one.id, one]))

/** Gives what runs an action, or a rule told as one; undefined where the embedded cloud cannot. */
export function findRunner({ actionTypeId: type }: ActionDeclaration): Runner | undefined {
  if (findProvider(type)) return byId.get(`${type.category}/${type.provider}`)
  return isJobWorked(type) ? jobWorker : undefined
}

/** Gives what runs an action of an accepted pipeline. */
export const runnerOf = (action: ActionDeclaration): Runner => findRunner(action)!
