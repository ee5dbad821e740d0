using System.Reflection;
using System.Reflection.Emit;

namespace LiveProctor.Core.Tests.Architecture;

/// <summary>Which types the compiled code of a type names: in what it inherits, holds, takes and answers, and inside its methods.</summary>
internal static class NamedTypes
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Collect(type, found);
        return found;
    }

    private static void Collect(Type type, HashSet<Type> found)
    {
        Add(type.BaseType, found);
        foreach (var implemented in type.GetInterfaces())
        {
            Add(implemented, found);
        }

        foreach (var field in type.GetFields(Everything))
        {
            Add(field.FieldType, found);
        }

        foreach (var method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
        {
            Add((method as MethodInfo)?.ReturnType, found);
            foreach (var parameter in method.GetParameters())
            {
                Add(parameter.ParameterType, found);
            }

            CollectBody(method, found);
        }

        // Closures, iterators and state machines that the compiler made of its methods.
        foreach (var nested in type.GetNestedTypes(Everything))
        {
            Collect(nested, found);
        }
    }

    private static void CollectBody(MethodBase method, HashSet<Type> found)
    {
        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } code)
        {
            return;
        }

        foreach (var local in body.LocalVariables)
        {
            Add(local.LocalType, found);
        }

        for (var at = 0; at < code.Length;)
        {
            var value = (short)code[at++];
            if (value == 0xFE)
            {
                value = (short)((0xFE << 8) | code[at++]);
            }

            var operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                AddMember(method, BitConverter.ToInt32(code, at), found);
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static void AddMember(MethodBase method, int token, HashSet<Type> found)
    {
        var typeArguments = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments() : null;
        var member = method.Module.ResolveMember(token, typeArguments, method.IsGenericMethod ? method.GetGenericArguments() : null);
        Add(member as Type ?? member?.DeclaringType, found);
        if (member is MethodInfo { IsGenericMethod: true } generic)
        {
            foreach (var argument in generic.GetGenericArguments())
            {
                Add(argument, found);
            }
        }
    }

    private static void Add(Type? type, HashSet<Type> found)
    {
        if (type is null)
        {
            return;
        }

        if (type.HasElementType)
        {
            Add(type.GetElementType(), found);
            return;
        }

        found.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
        foreach (var argument in type.GetGenericArguments())
        {
            if (!argument.IsGenericParameter)
            {
                Add(argument, found);
            }
        }
    }
}
