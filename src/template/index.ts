/** What a CloudFormation template is: read, checked, evaluated, and what its resource types are. */

export { requireCapabilities, requiredCapabilities } from './capabilities.ts'
export {
  type Evaluated,
  evaluateTemplate,
  type Lacking,
  type Lookups,
  lackingIn,
  presentIn,
  type ReadTemplate,
  readProcessed,
  readTemplate,
  type StackIdentity,
} from './evaluate/evaluate.ts'
export type { Scope } from './evaluate/evaluating.ts'
export { Evaluator } from './evaluate/evaluator.ts'
export { alreadyExported, type EvaluatedOutput, outputsOf } from './evaluate/outputs.ts'
export { eachReference, unresolvedIn } from './evaluate/references.ts'
export { openParameters, storedParameters } from './parameters/open-parameters.ts'
export { isListType, isNoEcho, storedType } from './parameters/parameter-declaration.ts'
export {
  type BoundParameter,
  bindParameters,
  type GivenParameter,
  parameterValues,
  valueFaults,
} from './parameters/parameters.ts'
export { pseudoParameters, pseudoValues } from './parameters/pseudo-parameters.ts'
export { placeOfFault, placesIn, readDocument, type TemplateDocument } from './read/document.ts'
export { parseTemplate, type Section } from './read/parse-template.ts'
export { pathTo } from './read/path-to.ts'
export { type Place, TemplateFault, type TemplatePath, unsupportedInTemplate } from './read/template-fault.ts'
export { isMap } from './read/template-shape.ts'
export { templateFaults } from './read/validate-template.ts'
export { checkPresence, checkRules, type RuleScope } from './rules.ts'
export {
  declaredTransforms,
  hasForeignTransforms,
  type Processed,
  type ProcessPlace,
  processTemplate,
} from './transforms/process.ts'
export { FUNCTION_SETTINGS, PROJECT_SETTINGS } from './types/carried-out/index.ts'
export { checkProperties, propertiesFailure } from './types/check-properties.ts'
export { deepEqual } from './types/deep-equal.ts'
export { type DerivedResources, type DerivedStack, derivedResources } from './types/derived.ts'
export { fallbackFaults, type GivenResource } from './types/fallback-faults.ts'
export { handledType, handledTypes, typeFacts } from './types/index.ts'
export { announcedEnd, RUNTIMES_OF, retiredRuntime, retiredRuntimeFaults } from './types/lambda-runtimes.ts'
export { madeName } from './types/names.ts'
export { dynamicFault, refusedProperties } from './types/refused-properties.ts'
export { changedProperties, type Recreation, recreationOf, worstRecreation } from './types/replacement.ts'
export { propertyPlace, shapeParts } from './types/shape.ts'
export { type ResourceSpec, resourceSpec, type TypeSpec } from './types/spec.ts'
export type { HandledType, PermissionGrant, Shape, TypeFacts } from './types/type-facts.ts'
export { handleFaults, NEEDS_HANDLE } from './types/wait-handles.ts'
export { patterns } from './values/patterns.ts'
export { isKnownLater, shown } from './values/shown.ts'
export { placeOfStack, type StackPlace, unknownOf } from './values/stack-place.ts'
export { type Part, partsOf, textOf } from './values/text.ts'
export { hasOpen, identityOf, unknownsIn } from './values/unknowns.ts'
export { Choice, type Decision, isList, Text, type Undecided, Unknown, type Value } from './values/value.ts'
