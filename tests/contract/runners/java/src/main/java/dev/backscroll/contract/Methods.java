package dev.backscroll.contract;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The methods of all generated stubs. */
final class Methods {
    private static final String PACKAGE = "dev.backscroll.v1";
    private static final String SUFFIX = "Grpc";

    private Methods() {}

    /** Finds the stubs of the package; returns the methods by full name ({@code PACKAGE.SERVICE/METHOD}). */
    static Map<String, MethodDescriptor<Message, Message>> find() throws IOException {
        Map<String, MethodDescriptor<Message, Message>> methods = new HashMap<>();
        try {
            URI folder = Methods.class.getResource("/" + PACKAGE.replace('.', '/')).toURI();
            try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
                for (String stub : stubs(jar.provider().getPath(folder))) {
                    Object service = Class.forName(PACKAGE + "." + stub).getMethod("getServiceDescriptor").invoke(null);
                    for (MethodDescriptor<?, ?> method : ((ServiceDescriptor) service).getMethods()) {
                        methods.put(method.getFullMethodName(), ofMessages(method));
                    }
                }
            }
        } catch (URISyntaxException | ReflectiveOperationException error) {
            throw new IOException("the generated stubs cannot be loaded", error);
        }
        return methods;
    }

    private static List<String> stubs(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths
                .map(path -> path.getFileName().toString().replace(".class", ""))
                .filter(name -> name.endsWith(SUFFIX))
                .toList();
        }
    }

    // Every generated request and answer is a message.
    @SuppressWarnings("unchecked")
    private static MethodDescriptor<Message, Message> ofMessages(MethodDescriptor<?, ?> method) {
        return (MethodDescriptor<Message, Message>) method;
    }
}
