/** Parts of an API's body that hang on the condition of the function behind them. */
import { fromOwn, PythonDict, type PythonKey, type PythonValue, UserText } from './python-dict.ts'

/** Gives what a value is under a condition; the value itself without one. */
export const conditional = (condition: unknown, value: PythonValue): PythonValue =>
  typeof condition === 'string' ? only(new UserText(condition), value) : value

/** Gives what a value is under a condition of the user's, or one that the translator made. */
export const only = (condition: PythonKey, value: PythonValue): PythonDict =>
  new PythonDict([['Fn::If', [condition, value, fromOwn({ Ref: 'AWS::NoValue' })]]])
