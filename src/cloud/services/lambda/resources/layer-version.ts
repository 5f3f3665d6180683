/** AWS::Lambda::LayerVersion and AWS::Lambda::LayerVersionPermission. */
import { type Properties, resourceType } from '../../../kernel/resource-type.ts'
import { ignoreMissing } from './function.ts'

/** The layer and the number that a version's ARN tells. */
function partsOf(arn: string) {
  const at = arn.lastIndexOf(':')
  return { LayerName: arn.slice(0, at), VersionNumber: Number(arn.slice(at + 1)) }
}

export const layerVersion = resourceType({
  type: 'AWS::Lambda::LayerVersion',
  create: async (properties: Properties, rc) => {
    const LayerName = properties.LayerName ?? rc.generateName()
    const made = await rc.call('lambda', 'PublishLayerVersion', { ...properties, LayerName } as never)
    const { LayerVersionArn } = made
    return { physicalId: LayerVersionArn!, attributes: { LayerVersionArn } }
  },
  delete: async (arn, _properties, rc) => {
    try {
      await rc.call('lambda', 'GetLayerVersion', partsOf(arn))
      await rc.call('lambda', 'DeleteLayerVersion', partsOf(arn))
    } catch (error) {
      ignoreMissing(error)
    }
  },
})

export const layerVersionPermission = resourceType({
  type: 'AWS::Lambda::LayerVersionPermission',
  create: async ({ LayerVersionArn, ...statement }, rc) => {
    const StatementId = rc.generateName()
    await rc.call('lambda', 'AddLayerVersionPermission', {
      ...partsOf(LayerVersionArn),
      ...statement,
      StatementId,
    } as never)
    const Id = `${LayerVersionArn}#${StatementId}`
    return { physicalId: Id, attributes: { Id } }
  },
  delete: async (id, _properties, rc) => {
    const [arn = '', StatementId = ''] = id.split('#')
    try {
      await rc.call('lambda', 'GetLayerVersionPolicy', partsOf(arn))
      await rc.call('lambda', 'RemoveLayerVersionPermission', { ...partsOf(arn), StatementId })
    } catch (error) {
      ignoreMissing(error)
    }
  },
})
