/** AWS::CodePipeline::Pipeline and AWS::CodePipeline::CustomActionType. */
import { declaredInTemplate, registeredProvider, typeInTemplate } from '../../../pipeline/index.ts'
import type { ResourceReader } from '../gathering.ts'

/** What CodePipeline refuses in it is told at the end, when all templates have told which action types they register. */
export const pipeline: ResourceReader = {
  type: 'AWS::CodePipeline::Pipeline',
  read: (resource, into) => {
    const { scope, logicalId, origin, properties, when } = resource
    // CodePipeline refuses the empty name that it is given.
    const name = properties.Name === '' ? '' : scope.nameOf(logicalId)
    const { account, region } = origin
    const declared = declaredInTemplate(properties, name)
    const known = { account, region, origin, when, declaration: declared.declaration }
    into.pipelines.push(known)
    into.declarations.set(known, { resource, declared })
  },
}

export const customActionType: ResourceReader = {
  type: 'AWS::CodePipeline::CustomActionType',
  read: ({ origin: { account, region }, properties }, into) => {
    into.actionTypes.push({ account, region, provider: registeredProvider(typeInTemplate(properties)) })
  },
}
