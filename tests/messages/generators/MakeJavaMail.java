import com.sun.mail.dsn.DeliveryStatus;
import com.sun.mail.dsn.DispositionNotification;
import com.sun.mail.dsn.MessageHeaders;
import com.sun.mail.dsn.MultipartReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.TimeZone;
import javax.activation.DataHandler;
import javax.mail.Message;
import javax.mail.MessagingException;
import javax.mail.Part;
import javax.mail.Session;
import javax.mail.internet.ContentType;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.InternetHeaders;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import javax.mail.internet.MimeUtility;
import javax.mail.util.ByteArrayDataSource;

/**
 * Messages by JavaMail: {@code java -cp javax.mail.jar:dsn.jar:javax.activation.jar
 * MakeJavaMail.java SCENARIOS.tsv FOLDER} (Debian: libmail-java).
 *
 * <p>A line of the file is {@code name TAB epoch TAB key TAB value...}; a value is base64.
 */
public final class MakeJavaMail {
  private static String boundary = "";
  private static int parts;

  /** A multipart whose boundary is told by the message's name. */
  static final class Named extends MimeMultipart {
    Named(String subtype) throws MessagingException {
      super(subtype);
      ContentType type = new ContentType("multipart", subtype, null);
      type.setParameter("boundary", next());
      contentType = type.toString();
    }
  }

  /** The same of a report. */
  static final class NamedReport extends MultipartReport {
    NamedReport(String text, com.sun.mail.dsn.Report report) throws MessagingException {
      super(text, report);
      name();
    }

    void name() throws MessagingException {
      ContentType type = new ContentType(contentType);
      type.setParameter("boundary", next());
      contentType = type.toString();
    }
  }

  /** A returned header as it was: no new identifier. */
  static final class Returned extends MessageHeaders {
    Returned(InternetHeaders headers) throws MessagingException {
      super(headers);
    }

    @Override
    protected void updateMessageID() {}
  }

  /** A message with an identifier of its own. */
  static final class Identified extends MimeMessage {
    private final String id;

    Identified(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", "<" + id + ".javamail@mail.example.org>");
    }
  }

  static String next() {
    return "----=_Part_" + parts++ + "_" + boundary;
  }

  static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  static InternetAddress address(String[] row, int at) throws Exception {
    String name = text(row[at]);
    return name.isEmpty()
        ? new InternetAddress(text(row[at + 1]))
        : new InternetAddress(text(row[at + 1]), name, "UTF-8");
  }

  static MimeBodyPart part(MimeMultipart multipart) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setContent(multipart);
    return part;
  }

  static void build(Session session, String name, long epoch, List<String[]> rows, Path folder)
      throws Exception {
    boundary = Integer.toHexString(name.hashCode()) + "." + epoch;
    parts = 0;
    MimeMessage message = new Identified(session, name);
    message.setSentDate(new Date(epoch * 1000));
    List<InternetAddress> from = new ArrayList<>();
    List<MimeBodyPart> attached = new ArrayList<>();
    List<MimeBodyPart> related = new ArrayList<>();
    MimeBodyPart body = new MimeBodyPart();
    String plain = "";
    String html = null;
    String calendar = null;
    String encoding = null;
    for (String[] row : rows) {
      switch (row[2]) {
        case "from": from.add(address(row, 3)); break;
        case "sender": message.setSender(address(row, 3)); break;
        case "reply_to": message.setReplyTo(new InternetAddress[] {address(row, 3)}); break;
        case "to": message.addRecipient(Message.RecipientType.TO, address(row, 3)); break;
        case "cc": message.addRecipient(Message.RecipientType.CC, address(row, 3)); break;
        case "group": message.setHeader("To", text(row[3])); break;
        case "subject": message.setSubject(text(row[3]), "UTF-8"); break;
        case "text": plain = text(row[3]); break;
        case "html": html = text(row[3]); break;
        case "calendar": calendar = text(row[3]); break;
        case "header":
          message.addHeader(text(row[3]),
              MimeUtility.fold(text(row[3]).length() + 2, text(row[4])));
          break;
        case "encoding": encoding = text(row[3]); break;
        case "attachment":
          MimeBodyPart item = new MimeBodyPart();
          item.setDataHandler(new DataHandler(new ByteArrayDataSource(
              Base64.getDecoder().decode(row[5]), text(row[4]))));
          item.setFileName(text(row[3]));
          if (text(row[6]).isEmpty()) {
            attached.add(item);
          } else {
            item.setContentID("<" + text(row[6]) + ">");
            item.setDisposition(Part.INLINE);
            related.add(item);
          }
          break;
        case "message":
          MimeBodyPart inner = new MimeBodyPart();
          inner.setContent(new MimeMessage(session,
              new ByteArrayInputStream(text(row[3]).getBytes(StandardCharsets.UTF_8))),
              "message/rfc822");
          attached.add(inner);
          break;
        default: throw new IllegalStateException(row[2]);
      }
    }
    message.addFrom(from.toArray(new InternetAddress[0]));
    body.setText(plain, null);
    if (html != null || calendar != null) {
      MimeMultipart both = new Named("alternative");
      both.addBodyPart(body);
      MimeBodyPart other = new MimeBodyPart();
      if (html != null) {
        other.setText(html, "UTF-8", "html");
      } else {
        other.setDataHandler(new DataHandler(
            new ByteArrayDataSource(calendar, "text/calendar; method=REQUEST; charset=UTF-8")));
      }
      if (!related.isEmpty()) {
        MimeMultipart with = new Named("related");
        with.addBodyPart(other);
        for (MimeBodyPart one : related) {
          with.addBodyPart(one);
        }
        other = part(with);
      }
      both.addBodyPart(other);
      body = part(both);
    }
    if (!attached.isEmpty()) {
      MimeMultipart mixed = new Named("mixed");
      mixed.addBodyPart(body);
      for (MimeBodyPart one : attached) {
        mixed.addBodyPart(one);
      }
      message.setContent(mixed);
    } else if (body.getDataHandler().getContent() instanceof MimeMultipart) {
      message.setContent((MimeMultipart) body.getContent());
    } else {
      message.setText(plain, null);
      if (encoding != null) {
        message.setHeader("Content-Transfer-Encoding", encoding);
      }
    }
    message.saveChanges();
    write(message, folder.resolve(name + ".eml"));
  }

  static void write(MimeMessage message, Path path) throws IOException, MessagingException {
    try (OutputStream out = Files.newOutputStream(path)) {
      message.writeTo(out);
    }
  }

  static InternetHeaders fields(String text) throws MessagingException {
    return new InternetHeaders(
        new ByteArrayInputStream((text + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
  }

  static void reports(Session session, Path folder) throws Exception {
    MimeMessage original = new Identified(session, "original");
    original.setFrom("alice@example.org");
    original.setSubject("Figures");
    original.setSentDate(new Date(1709715000000L));
    original.setText("The figures.\r\n");
    original.saveChanges();
    for (String action : new String[] {"failed", "delayed", "relayed"}) {
      boundary = action;
      parts = 0;
      DeliveryStatus status = new DeliveryStatus();
      status.setMessageDSN(fields("Reporting-MTA: dns; mx.example.test"));
      status.addRecipientDSN(fields("Final-Recipient: rfc822; bob@example.test\r\nAction: " + action
          + "\r\nStatus: " + (action.equals("failed") ? "5.2.2" : action.equals("delayed") ? "4.4.7" : "2.1.9")));
      NamedReport report = new NamedReport("A report about your message.\n", status);
      if (action.equals("failed")) {
        report.setReturnedMessage(original);
      } else {
        report.setReturnedMessage(new Returned(fields(
            "From: alice@example.org\r\nSubject: Figures\r\nMessage-ID: <figures@example.org>\r\n"
            + "Date: Wed, 6 Mar 2024 08:58:00 +0000")));
      }
      MimeMessage message = new Identified(session, "dsn-" + action);
      message.setFrom(new InternetAddress("postmaster@mx.example.test", "Mail Delivery System"));
      message.setRecipients(Message.RecipientType.TO, "alice@example.org");
      message.setSubject("Delivery Status Notification");
      message.setSentDate(new Date(1709715600000L));
      message.setContent(report);
      message.saveChanges();
      write(message, folder.resolve("dsn-" + action + ".eml"));
    }
    boundary = "mdn";
    parts = 0;
    DispositionNotification notification = new DispositionNotification();
    notification.setNotifications(fields("Reporting-UA: example.test; Reader\r\n"
        + "Final-Recipient: rfc822; bob@example.test\r\nOriginal-Message-ID: <figures@example.org>\r\n"
        + "Disposition: automatic-action/MDN-sent-automatically; displayed"));
    MimeMessage message = new Identified(session, "mdn");
    message.setFrom("bob@example.test");
    message.setRecipients(Message.RecipientType.TO, "alice@example.org");
    message.setSubject("Read: Figures");
    message.setSentDate(new Date(1709719200000L));
    message.setContent(new NamedReport("It was displayed.\n", notification));
    message.saveChanges();
    write(message, folder.resolve("mdn.eml"));
  }

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
    Session session = Session.getInstance(new Properties());
    Path folder = Path.of(arguments[1]);
    List<String[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      String[] row = line.split("\t", -1);
      if (!rows.isEmpty() && !rows.get(0)[0].equals(row[0])) {
        finish(session, rows, folder);
        rows.clear();
      }
      rows.add(row);
    }
    finish(session, rows, folder);
    reports(session, folder);
  }

  static void finish(Session session, List<String[]> rows, Path folder) throws Exception {
    String[] first = rows.get(0);
    build(session, first[0], Long.parseLong(first[1]), rows, folder);
  }
}
