/** AWS::CodeBuild::ReportGroup. */
import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { apiValue } from './spelling.ts'

const settings = (properties: Properties, rc: ResourceContext) => ({
  exportConfig: apiValue('exportConfig', properties.ExportConfig) as never,
  tags: Object.entries(resourceTags(properties, rc)).map(([key, value]) => ({ key, value })),
})

export const reportGroup = resourceType({
  type: 'AWS::CodeBuild::ReportGroup',
  create: async (properties, rc) => {
    const name = properties.Name ?? rc.generateName()
    const input = { name, type: properties.Type, ...settings(properties, rc) }
    const { reportGroup: made } = await rc.call('codebuild', 'CreateReportGroup', input)
    return { physicalId: made?.arn ?? '', attributes: { Arn: made?.arn } }
  },
  update: async (physicalId, properties, _previous, rc) => {
    await rc.call('codebuild', 'UpdateReportGroup', { arn: physicalId, ...settings(properties, rc) })
    return { physicalId, attributes: { Arn: physicalId } }
  },
  delete: async (physicalId, properties, rc) => {
    const deleteReports = String(properties.DeleteReports ?? false) === 'true'
    await rc.call('codebuild', 'DeleteReportGroup', { arn: physicalId, deleteReports }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    })
  },
})
