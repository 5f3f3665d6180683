/** AWS::CodePipeline::Pipeline. */
import { declaredInTemplate } from '../../../pipeline/index.ts'
import type { ResourceReader } from '../gathering.ts'
import { declarationFaults } from './declaration-faults.ts'

export const pipeline: ResourceReader = {
  type: 'AWS::CodePipeline::Pipeline',
  read: (resource, into) => {
    const { scope, logicalId, origin, properties, when } = resource
    // CodePipeline refuses the empty name that it is given.
    const name = properties.Name === '' ? '' : scope.nameOf(logicalId)
    const { account, region } = origin
    const declared = declaredInTemplate(properties, name)
    const faults = declarationFaults(resource, declared)
    into.pipelines.push({ account, region, origin, when, declaration: declared.declaration, faults })
  },
}
