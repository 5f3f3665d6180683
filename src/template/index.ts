/** What a CloudFormation template is: read, checked, evaluated, and what its resource types are. */

export { requireCapabilities, requiredCapabilities } from './capabilities.ts'
export {
  type Evaluated,
  evaluateTemplate,
  type Lookups,
  readTemplate,
  type StackIdentity,
} from './evaluate/evaluate.ts'
export { type EvaluatedOutput, outputsOf } from './evaluate/outputs.ts'
export { eachReference } from './evaluate/references.ts'
export { isNoEcho, storedType } from './parameters/parameter-declaration.ts'
export {
  type BoundParameter,
  bindParameters,
  type GivenParameter,
  parameterValues,
} from './parameters/parameters.ts'
export { placesIn, readDocument, type TemplateDocument } from './read/document.ts'
export { parseTemplate } from './read/parse-template.ts'
export { type Place, TemplateFault, type TemplatePath, unsupportedInTemplate } from './read/template-fault.ts'
export { templateFaults } from './read/validate-template.ts'
export { checkRules } from './rules.ts'
export { declaredTransforms } from './transforms/language-extensions.ts'
export { checkProperties, propertiesFailure } from './types/check-properties.ts'
export { deepEqual } from './types/deep-equal.ts'
export { physicalName } from './types/physical-name.ts'
export { changedProperties, type Recreation, recreationOf, worstRecreation } from './types/replacement.ts'
export { type ResourceSpec, resourceSpec, type TypeSpec } from './types/spec.ts'
export { shown } from './values/shown.ts'
export { type Decision, Unknown, type Value } from './values/value.ts'
