/** What every stack's template has in common. */
import type { Template, TemplateOutput, TemplateParameter, TemplateResource } from '../model/index.ts'

/** Gives a template of resources. */
export const template = (
  description: string,
  resources: Readonly<Record<string, TemplateResource>>,
  details: {
    readonly parameters?: Readonly<Record<string, TemplateParameter>>
    readonly outputs?: Readonly<Record<string, TemplateOutput>>
  } = {},
): Template => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Description: description,
  ...(details.parameters && { Parameters: details.parameters }),
  Resources: resources,
  ...(details.outputs && { Outputs: details.outputs }),
})
