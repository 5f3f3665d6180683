/** Every kind of deploy; a new one is a file beside this and a word in the list. */
import type { z } from 'zod'
import { cloudformation } from './cloudformation.ts'
import type { DeployExpansion, DeployKind, DeployScope } from './deploy-kind.ts'
import { s3 } from './s3.ts'

export { type CloudFormationDeploy, stackName } from './cloudformation.ts'
export type { DeployExpansion, DeployScope } from './deploy-kind.ts'

export const deployKinds = [cloudformation, s3] as const

export type DeployConfiguration = z.output<(typeof deployKinds)[number]['schema']>

/** Gives the actions that carry out one deploy of one stage in one region. */
export function expandDeploy(
  deploy: DeployConfiguration,
  scope: DeployScope,
  changeSets: boolean,
): DeployExpansion {
  const kind = deployKinds.find(({ key }) => Object.hasOwn(deploy, key))! as unknown as DeployKind
  return kind.expand(deploy, scope, changeSets)
}
