/*
 * Runs HL7's validator, as HAPI FHIR packages it, over lines of standard input and says on standard output what it
 * found. No network: definitions come from R4 inside HAPI and from the folders named on the command line.
 *
 * in:  name TAB profiles (canonicals, comma between, may be empty) TAB resource in JSON on one line
 * out: name TAB severity TAB location TAB message id TAB message, for each message; then name TAB done
 */
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.ConceptValidationOptions;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import ca.uhn.fhir.validation.ValidationResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;

public class Validate {
  public static void main(String[] folders) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    FhirContext context = FhirContext.forR4();
    FhirValidator validator = validatorOf(context, folders);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] parts = line.split("\t", 3);
      judge(validator, parts[0], parts[1], parts[2], out);
    }
  }

  private static FhirValidator validatorOf(FhirContext context, String[] folders) throws IOException {
    PrePopulatedValidationSupport given = new PrePopulatedValidationSupport(context);
    IParser parser = context.newJsonParser();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        List<Path> definitions = files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        for (Path file : definitions) add(given, parser, Files.readString(file));
      }
    }
    UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.INFORMATION);
    ValidationSupportChain chain = new ValidationSupportChain(
        given,
        new DefaultProfileValidationSupport(context),
        new CommonCodeSystemsTerminologyService(context),
        new InMemoryTerminologyServerValidationSupport(context),
        new SnapshotGeneratingValidationSupport(context),
        unknown);
    // R4 asks that one coding of a concept is of the bound value set (terminologies.html#strength), not that all are.
    chain.setCodeableConceptValidationSuccessfulIfNotAllCodingsAreValid(true);
    FhirInstanceValidator instances = new FhirInstanceValidator(chain);
    instances.setAnyExtensionsAllowed(true);
    instances.setNoTerminologyChecks(false);
    instances.setErrorForUnknownProfiles(true);
    return context.newValidator().registerValidatorModule(instances);
  }

  /** Other files than definitions may lie in the folders. */
  private static void add(PrePopulatedValidationSupport given, IParser parser, String text) {
    if (!text.contains("\"resourceType\"")) return;
    IBaseResource resource = parser.parseResource(text);
    String type = resource.fhirType();
    if (type.equals("StructureDefinition") || type.equals("ValueSet") || type.equals("CodeSystem")) given.addResource(resource);
  }

  private static void judge(FhirValidator validator, String name, String profiles, String json, PrintStream out) {
    ValidationOptions options = new ValidationOptions();
    for (String profile : profiles.split(",")) if (!profile.isEmpty()) options.addProfile(profile);
    try {
      ValidationResult result = validator.validateWithResult(json, options);
      for (SingleValidationMessage each : result.getMessages()) {
        out.println(String.join("\t", name, String.valueOf(each.getSeverity()).toLowerCase(), flat(each.getLocationString()), flat(each.getMessageId()), flat(each.getMessage())));
      }
    } catch (RuntimeException fault) {
      out.println(String.join("\t", name, "fatal", "", "", flat(String.valueOf(fault))));
    }
    out.println(name + "\tdone");
  }

  private static String flat(String text) {
    return text == null ? "" : text.replaceAll("\\s+", " ");
  }
}
