/** Further stacks of a stack set: those that are there already are brought up to date. */
import { Artifacts } from '../stack-actions/artifact-files.ts'
import { ended, parametersOf, preferencesOf, targetsOf } from '../stack-actions/stack-set-operation.ts'
import type { Runner } from './runner.ts'

export const cloudformationStackInstances: Runner = {
  id: 'Deploy/CloudFormationStackInstances',
  run: async (job) => {
    const artifacts = new Artifacts(job)
    const { StackSetName = '', DeploymentTargets = '', CallAs, ParameterOverrides } = job.configuration
    // AWS: units are targets of sets that StackSets manages the roles of, and of no others.
    const isServiceManaged = /(^|,)\s*(ou|r)-/.test(DeploymentTargets)
    const targets = await targetsOf(job, artifacts, isServiceManaged)
    const { OperationId = '' } = await job.call('cloudformation', 'CreateStackInstances', {
      StackSetName,
      CallAs: CallAs as 'SELF' | undefined,
      Regions: [],
      ...targets,
      ParameterOverrides: await parametersOf(artifacts, ParameterOverrides),
      OperationPreferences: preferencesOf(job),
    })
    const input = { StackSetName, OperationId, CallAs: CallAs as 'SELF' | undefined }
    const { StackSetOperation } = await job.call('cloudformation', 'DescribeStackSetOperation', input)
    return ended(job, StackSetOperation?.StackSetId ?? '', OperationId)
  },
}
