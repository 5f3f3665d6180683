/** Functions that CloudFormation does not have. */
import { TemplateFault, type TemplatePath, unsupportedInTemplate } from '../read/template-fault.ts'

/**
 * AWS names these in its refusal of any other: "Template error: Encountered unsupported function: fn::GetAtt Supported
 * functions are: […]", as public reports of ValidateTemplate and CreateStack quote it.
 */
const OF_AWS = [
  'Fn::Base64',
  'Fn::GetAtt',
  'Fn::GetAZs',
  'Fn::ImportValue',
  'Fn::Join',
  'Fn::Split',
  'Fn::FindInMap',
  'Fn::Select',
  'Ref',
  'Fn::Equals',
  'Fn::If',
  'Fn::Not',
  'Condition',
  'Fn::And',
  'Fn::Or',
  'Fn::Contains',
  'Fn::EachMemberEquals',
  'Fn::EachMemberIn',
  'Fn::ValueOf',
  'Fn::ValueOfAll',
  'Fn::RefAll',
  'Fn::Sub',
  'Fn::Cidr',
]
/** Those that only a transform carries out. */
const OF_TRANSFORMS = ['Fn::Transform', 'Fn::ForEach', 'Fn::Length', 'Fn::ToJsonString']

/** AWS: CodePipeline replaces these in the JSON text of an action's ParameterOverrides; CloudFormation never sees them. */
const OF_CODEPIPELINE = ['Fn::GetParam', 'Fn::GetArtifactAtt']

/** Gives what is wrong with the call of a function that is not carried out: AWS has none of that name, or Crossdock has not. */
export function unknownFunction(name: string, path?: TemplatePath): TemplateFault {
  if ([...OF_AWS, ...OF_TRANSFORMS].some((one) => name === one || name.startsWith(`${one}::`)))
    return unsupportedInTemplate(`the intrinsic function ${name}`, path)
  return new TemplateFault(
    `Template error: Encountered unsupported function: ${name} Supported functions are: [${OF_AWS.join(', ')}]`,
    {
      path,
      fix: fixOf(name),
    },
  )
}

function fixOf(name: string): string {
  if (OF_CODEPIPELINE.includes(name))
    return `${name} is CodePipeline's: write it in the JSON text of ParameterOverrides of a CloudFormation action, and nowhere else`
  const plain = name.toLowerCase().replace('fn::', '')
  const meant = OF_AWS.find((one) => one.toLowerCase().replace('fn::', '') === plain)
  return meant === undefined ? 'write one of the functions that CloudFormation has' : `write ${meant}`
}
